import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GREETING } from '../upstreams/strict/brain.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'
import { SDKS } from './sdks.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
  world.vendors.trouble(() => ({ status: 200, whole: true }))
})
afterAll(() => world.close())

describe.each(UPSTREAMS)('the $vendor upstream that answers in one piece what was to be a stream', ({ model }) => {
  it.each(SDKS.map((sdk) => [sdk.name, sdk] as const))('is streamed to %s', async (_name, sdk) => {
    expect(await sdk.stream(world.daemon.url, model, 'Hello.')).toBe(GREETING)
    const { call } = await world.daemon.lastCall()
    expect(call).toMatchObject({ status: 'ok', model, inputTokens: 20, cacheReadTokens: 100, outputTokens: 30 })
  })
})
