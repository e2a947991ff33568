import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** Half of an emoji, as `text.slice(0, 2000)` may leave it, an emoji as Python writes it, and words that only look so. */
const CUT = String.raw`"cut \ud83d! \ude00 \ud83d\ude00 \\ud83d"`
const MENDED = 'cut \ufffd! \ufffd 😀 \\ud83d'
const ARGS = JSON.stringify(String.raw`{"q":"\uD83D"}`)
const call = (spelled: string): string => `{"id":"c1","type":"function","function":{"name":"find","arguments":${spelled}}}`

const BODIES: Readonly<Record<string, (model: string) => readonly [path: string, body: string]>> = {
  'openai-chat': (model) => [
    '/v1/chat/completions',
    `{"model":"${model}","messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[${call(ARGS)}]},{"role":"tool","tool_call_id":"c1","content":${CUT}}]}`,
  ],
  'openai-responses': (model) => ['/v1/responses', `{"model":"${model}","input":${CUT}}`],
  'anthropic-messages': (model) => ['/v1/messages', `{"model":"${model}","max_tokens":100,"messages":[{"role":"user","content":${CUT}}]}`],
  gemini: (model) => [`/v1beta/models/${model}:generateContent`, `{"contents":[{"role":"user","parts":[{"text":${CUT}}]}]}`],
}

describe.each(UPSTREAMS)('a text that was cut within an emoji, upstream $vendor', ({ model }) => {
  it.each(Object.keys(BODIES))('is taken from a client of %s', async (format) => {
    const [path, body] = BODIES[format]!(model)
    const response = await fetch(world.daemon.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect([response.status, world.last().refused]).toEqual([200, null])
    expect(JSON.stringify(world.last().body)).toContain(JSON.stringify(MENDED).slice(1, -1))
  })
})
