import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, UPSTREAMS, type World } from './open-world.js'
import { SDKS } from './sdks.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** What a request may consist of when the client said no more than a model and some words, by vendor. */
const PLAIN = {
  chat: ['model', 'messages'],
  // Nothing is kept there, so that its reasoning has to come along.
  responses: ['model', 'input', 'store', 'include'],
  // A limit must be given there.
  messages: ['model', 'messages', 'max_tokens'],
  gemini: ['contents'],
}
/** The Anthropic SDK has to give a limit. */
const LIMIT = { chat: 'max_tokens', responses: 'max_output_tokens', messages: 'max_tokens', gemini: 'generationConfig' }

describe.each(UPSTREAMS)('a question without settings, upstream $vendor', ({ vendor, model }) => {
  it.each(SDKS.map((sdk) => [sdk.name, sdk] as const))('from %s arrives without any', async (name, sdk) => {
    await sdk.ask(world.daemon.url, model, 'Hello.')
    const allowed = [...PLAIN[vendor], ...(name === 'anthropic' ? [LIMIT[vendor], 'max_completion_tokens'] : [])]
    const { body } = world.last()
    expect(Object.keys(body).filter((field) => !allowed.includes(field))).toEqual([])
    if (vendor === 'messages') expect(body.max_tokens).toBe(name === 'anthropic' ? 500 : 32_000)
  })
})
