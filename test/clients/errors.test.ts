import { createOpenAI } from '@ai-sdk/openai'
import { APIError as AnthropicError } from '@anthropic-ai/sdk'
import { ApiError as GoogleError } from '@google/genai'
import { streamText } from 'ai'
import { APIError as OpenAIError } from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { GREETING } from '../upstreams/strict/brain.js'
import { modelOf, openWorld, UPSTREAMS, type World } from './open-world.js'
import { SDKS } from './sdks.js'

const ERRORS: Readonly<Record<string, new (...args: never[]) => Error>> = {
  'openai chat': OpenAIError,
  'openai responses': OpenAIError,
  anthropic: AnthropicError,
  google: GoogleError,
}

/** What a client sees of a provider's status when no other model may take over. */
const STATUSES: readonly (readonly [upstream: number, client: number, retries: boolean])[] = [
  [400, 400, false],
  // Our key, or our name of the model: not the client's mistake.
  [401, 502, false],
  [404, 502, false],
  [429, 429, true],
  [500, 503, true],
  [529, 503, true],
]

/** A model of its own for every case, since one that failed is left alone for a while. */
const CASES = UPSTREAMS.flatMap(({ vendor }) =>
  STATUSES.flatMap(([upstream, client, retries]) =>
    SDKS.flatMap((sdk) =>
      (['ask', 'stream'] as const).map((how) => {
        const model = modelOf(vendor, `${upstream}-${sdk.name.replace(' ', '-')}-${how}`)
        return { vendor, upstream, client, retries, sdk, name: sdk.name, how, model }
      }),
    ),
  ),
)

let world: World
beforeAll(async () => {
  const models = [...UPSTREAMS, ...CASES].map(({ model }) => ({ id: model, price: { input: 1, output: 1 } }))
  world = await openWorld({ models })
})
afterAll(() => world.close())
afterEach(() => world.vendors.reset())

async function errorOf(asked: Promise<string>): Promise<Error & { status?: number; headers?: Headers }> {
  return asked.then(
    () => {
      throw new Error('it was answered')
    },
    (error: Error) => error,
  )
}

describe('an error of the upstream', () => {
  it.each(CASES)(
    '$vendor, $upstream, is $client in the own class of $name ($how)',
    async ({ upstream, client, retries, sdk, how, model }) => {
      world.vendors.trouble(() => ({ status: upstream, message: 'no luck today', headers: { 'retry-after': '90' } }))
      const error = await errorOf(sdk[how](world.daemon.url, model, 'Hello.'))
      expect(error).toBeInstanceOf(ERRORS[sdk.name])
      expect(error.status).toBe(client)
      expect(error.message).toContain('no luck today')
      if (error.headers === undefined) return
      expect(error.headers.get('x-should-retry')).toBe(retries ? null : 'false')
      if (retries) expect(error.headers.get('retry-after')).toBe('90')
    },
  )
})

describe('an error after the first byte', () => {
  const cases = UPSTREAMS.flatMap(({ vendor, model }) => SDKS.map((sdk) => ({ vendor, model, sdk, name: sdk.name })))
  it.each(cases)('from the upstream $vendor is thrown by $name', async ({ model, sdk }) => {
    world.vendors.trouble(() => ({ status: 503, message: 'no luck any more', late: true }))
    const error = await errorOf(sdk.stream(world.daemon.url, model, 'Hello.'))
    expect(error.message).toContain('no luck any more')
    // The row of the call before is the last one until this call's is written.
    await expect.poll(async () => (await world.daemon.lastCall()).call.status, { timeout: 5000 }).toBe('error')
    world.vendors.reset()
    expect(await sdk.stream(world.daemon.url, model, 'Hello.')).toBe(GREETING)
  })

  // Of an event that lacks a field it tells, too: of usage that Anthropic and Google had said a part of.
  it.each(UPSTREAMS)('from the upstream $vendor is all that the ai SDK tells of', async ({ model }) => {
    world.vendors.trouble(() => ({ status: 503, message: 'no luck any more', late: true }))
    const told: unknown[] = []
    const asked = streamText({
      model: createOpenAI({ baseURL: `${world.daemon.url}/v1`, apiKey: 'any' })(model),
      prompt: 'Hello.',
      maxRetries: 0,
      onError: ({ error }) => void told.push(error),
    })
    await asked.consumeStream()
    expect(told.length).toBeGreaterThan(0)
    expect(told.filter((error) => error instanceof Error).map(({ name }) => name)).not.toContain('AI_TypeValidationError')
    world.vendors.reset()
    expect(await SDKS[0]!.stream(world.daemon.url, model, 'Hello.')).toBe(GREETING)
  })
})
