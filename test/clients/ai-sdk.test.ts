import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from 'ai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { GREETING } from '../upstreams/strict/brain.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const PROVIDERS: Readonly<Record<string, (url: string, model: string) => LanguageModel>> = {
  'openai chat': (url, model) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'any' }).chat(model),
  'openai responses': (url, model) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'any' }).responses(model),
  anthropic: (url, model) => createAnthropic({ baseURL: `${url}/v1`, apiKey: 'any' })(model),
  google: (url, model) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: 'any' })(model),
}
const CASES = Object.keys(PROVIDERS).flatMap((provider) => UPSTREAMS.map((upstream) => ({ provider, ...upstream })))
const MESSAGES = [{ role: 'user' as const, content: 'Hello.' }]
/** Settings under which every vendor's models think, and sign what they thought. */
const THINKING = {
  openai: { reasoningEffort: 'low', reasoningSummary: 'auto' },
  anthropic: { thinking: { type: 'enabled', budgetTokens: 2000 } },
  google: { thinkingConfig: { thinkingBudget: 2000, includeThoughts: true } },
}
const weather = tool({
  description: 'The weather of a city.',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `20 degrees in ${city}`,
})

describe.each(CASES)('the ai SDK with its $provider provider, upstream $vendor', ({ provider, model: name }) => {
  const model = (): LanguageModel => PROVIDERS[provider]!(world.daemon.url, name)

  it('generates text', async () => {
    const { text, usage, finishReason } = await generateText({
      model: model(),
      system: 'Be brief.',
      messages: MESSAGES,
      maxOutputTokens: 500,
      maxRetries: 0,
    })
    expect(text).toBe(GREETING)
    expect(finishReason).toBe('stop')
    expect(usage).toMatchObject({ inputTokens: 120, outputTokens: 30, cachedInputTokens: 100 })
  })

  it('streams text', async () => {
    const errors: unknown[] = []
    const { textStream, totalUsage } = streamText({
      model: model(),
      messages: MESSAGES,
      maxRetries: 0,
      onError: (error) => void errors.push(error),
    })
    let text = ''
    for await (const delta of textStream) text += delta
    expect(errors).toEqual([])
    expect(text).toBe(GREETING)
    expect(await totalUsage).toMatchObject({ inputTokens: 120, outputTokens: 30 })
  })

  it.each([
    ['whole', {}],
    ['stream', {}],
    ['whole', THINKING],
    ['stream', THINKING],
  ])('goes through a tool round trip, %s, with the settings %j', async (how, providerOptions) => {
    const body = {
      model: model(),
      providerOptions,
      messages: [{ role: 'user' as const, content: 'Weather in «Paris» and «Köln»? First say so.' }],
      tools: { weather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    }
    const errors: unknown[] = []
    const { text, steps } =
      how === 'whole' ? await generateText(body) : await awaited(streamText({ ...body, onError: (error) => void errors.push(error) }))
    // A chunk that the SDK cannot read it tells of, and goes on without it.
    expect(errors).toEqual([])
    expect(steps[0]?.toolCalls.map((c) => c.input)).toEqual([{ city: 'Paris' }, { city: 'Köln' }])
    expect(text).toBe('The tools said: 20 degrees in Paris | 20 degrees in Köln')
  })

  it('generates an object', async () => {
    const schema = z.object({ name: z.string(), sizes: z.array(z.number()) })
    const { output } = await generateText({ model: model(), messages: MESSAGES, output: Output.object({ schema }), maxRetries: 0 })
    expect(output).toEqual({ name: 'Paris', sizes: [1] })
  })
})

async function awaited({
  text,
  steps,
}: {
  readonly text: PromiseLike<string>
  readonly steps: PromiseLike<readonly { readonly toolCalls: readonly { readonly input: unknown }[] }[]>
}) {
  return { text: await text, steps: await steps }
}
