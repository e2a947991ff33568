import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDaemon } from '../server/run-daemon.js'
import { GREETING } from '../upstreams/strict/brain.js'
import { ASSEMBLE, eventsOf } from './assemble-stream.js'
import { modelOf, openWorld, UPSTREAMS, type World } from './open-world.js'
import { TALKERS, type Talker } from './talkers.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

let conversations = 0

/** A conversation of its own, whose every post must be answered with 200. It may go on with another daemon. */
function begin(format: string, streams = false): Talker & { daemon: TestDaemon; readonly attempts: number[] } {
  const session = `switching-${++conversations}`
  const attempts: number[] = []
  const talk = TALKERS[format]!(async (path, body) => {
    const asked = streams ? path.replace(':generateContent', ':streamGenerateContent?alt=sse') : path
    const said = streams && format !== 'gemini' ? { ...body, stream: true } : body
    const response = await here.daemon.post(said, { path: asked, headers: { 'x-llmroute-session': session } })
    const text = await response.text()
    const answer = streams && response.ok ? ASSEMBLE[format]!(eventsOf(text)) : (JSON.parse(text) as Record<string, unknown>)
    if (response.status !== 200) throw new Error(`${body.model ?? path}: ${JSON.stringify(answer)}`)
    attempts.push(Number(response.headers.get('x-llmroute-attempts')))
    return answer
  })
  const here = { ...talk, daemon: world.daemon, attempts }
  return here
}

const PAIRS = UPSTREAMS.flatMap((a) => [
  ...UPSTREAMS.filter((b) => b !== a).map((b) => ({ a: a.model, b: b.model })),
  { a: a.model, b: modelOf(a.vendor, 'm2') },
])
const CASES = PAIRS.flatMap((pair) => [false, true].map((streams) => ({ ...pair, streams })))
const WEATHER = 'Weather in «Paris» and «Köln»?'
const TOLD = 'The tools said: 20 degrees | 20 degrees'

describe.each(Object.keys(TALKERS))('a conversation of %s that changes models', (format) => {
  it.each(PAIRS)('between $a and $b is served, turn after turn', async ({ a, b }) => {
    const talk = begin(format)
    for (const model of [a, b, a, a, b, b]) expect(await talk.ask(WEATHER, [model])).toBe(TOLD)
    expect(await talk.ask('Thanks.', [a])).toBe(GREETING)
  })

  it.each(CASES)('from $a to $b within a tool loop, and back, is served, streams: $streams', async ({ a, b, streams }) => {
    const talk = begin(format, streams)
    expect(await talk.ask('Hello.', [a])).toBe(GREETING)
    expect(await talk.ask(WEATHER, [a, b])).toBe(TOLD)
    expect(await talk.ask(WEATHER, [b, a])).toBe(TOLD)
    expect(await talk.ask(WEATHER, [a, a])).toBe(TOLD)
  })
})

describe.each(Object.keys(TALKERS))('a conversation of %s that another daemon began', (format) => {
  let elsewhere: World
  beforeAll(async () => {
    elsewhere = await openWorld()
  })
  afterAll(() => elsewhere.close())

  const twins = UPSTREAMS.filter(({ vendor }) => vendor !== 'chat')
  it.each(twins)('is served by a twin of the $vendor model, which is asked twice only once', async ({ vendor, model }) => {
    const talk = begin(format)
    talk.daemon = elsewhere.daemon
    await talk.ask(WEATHER, [model])
    talk.daemon = world.daemon
    talk.attempts.length = 0
    expect(await talk.ask(WEATHER, [modelOf(vendor, 'm2')])).toBe(TOLD)
    expect(await talk.ask('Thanks.', [modelOf(vendor, 'm2')])).toBe(GREETING)
    expect(talk.attempts).toEqual([2, 1, 1])
  })
})
