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
    const { textStream, totalUsage } = streamText({ model: model(), messages: MESSAGES, maxRetries: 0 })
    let text = ''
    for await (const delta of textStream) text += delta
    expect(text).toBe(GREETING)
    expect(await totalUsage).toMatchObject({ inputTokens: 120, outputTokens: 30 })
  })

  it.each(['whole', 'stream'])('goes through a tool round trip, %s', async (how) => {
    const body = {
      model: model(),
      messages: [{ role: 'user' as const, content: 'Weather in «Paris» and «Köln»? First say so.' }],
      tools: { weather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    }
    const { text, steps } = how === 'whole' ? await generateText(body) : await awaited(streamText(body))
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
