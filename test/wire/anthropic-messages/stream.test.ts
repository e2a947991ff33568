import { readdirSync, readFileSync } from 'node:fs'
import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../../src/canonical/index.js'
import { sseReader } from '../../../src/kit/index.js'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'
import { readStream } from '../streams.js'

const FOLDER = new URL('../../fixtures/streams/anthropic-messages/', import.meta.url)
const STREAMS = readdirSync(FOLDER).map((file) => [file.slice(0, -4), readFileSync(new URL(file, FOLDER))] as const)
const COMPLETE = STREAMS.filter(([name]) => name !== 'overloaded')
const CONTEXT = { id: 'msg_shown', model: 'shown-model', created: 1_700_000_000, streamUsage: false }

function bytesOf(name: string): Buffer {
  return STREAMS.find(([known]) => known === name)![1]
}

function rewrite(events: readonly Event[]): string {
  const writer = anthropicMessages.eventWriter(CONTEXT)
  return events.map((event) => writer.write(event)).join('')
}

/** What the vendor's own SDK makes of a stream. */
async function finalMessage(stream: string | Uint8Array<ArrayBuffer>): Promise<Anthropic.Message> {
  const client = new Anthropic({
    apiKey: 'x',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(stream, { headers: { 'content-type': 'text/event-stream' } })),
  })
  return client.messages.stream({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] }).finalMessage()
}

describe('a recorded stream', () => {
  it.each(STREAMS)('%s gives the same events however it is cut', (_name, bytes) => {
    const whole = readStream(anthropicMessages, bytes)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        expect(readStream(anthropicMessages, bytes, cuts)).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  it.each(COMPLETE)('%s, read and written again, is the same message to the SDK', async (_name, bytes) => {
    const before = await finalMessage(new Uint8Array(bytes))
    const after = await finalMessage(rewrite(readStream(anthropicMessages, bytes)))
    const { service_tier: _tier, server_tool_use: _server, ...usage } = before.usage
    expect(after).toEqual({ ...before, id: 'msg_shown', model: 'shown-model', usage: { ...usage, ...after.usage } })
    expect(after.usage).toMatchObject({ input_tokens: before.usage.input_tokens, output_tokens: before.usage.output_tokens })
  })

  it.each(COMPLETE)('%s comes out in the order the format prescribes', (_name, bytes) => {
    const types = [...rewrite(readStream(anthropicMessages, bytes)).matchAll(/^event: (\w+)$/gm)].map((match) => match[1]!)
    expect(types.filter((type) => type === 'message_start')).toHaveLength(1)
    expect(types[0]).toBe('message_start')
    expect(types.slice(-2)).toEqual(['message_delta', 'message_stop'])
    const blocks = types.slice(1, -2).map((type) => ({ content_block_start: '(', content_block_delta: '', content_block_stop: ')' })[type])
    expect(blocks.join('')).toMatch(/^(\(\))*$/)
  })
})

describe('usage of a stream', () => {
  it('keeps cached reads, and cache writes of both lifetimes, apart', () => {
    const usages = readStream(anthropicMessages, bytesOf('thinking-and-parallel-tools')).flatMap((event) =>
      event.type === 'usage' ? [event.usage] : [],
    )
    expect(usages[0]).toMatchObject({ input: 472, output: null })
    expect(usages.at(-1)).toMatchObject({ input: 472, cacheRead: 0, cacheWrite5m: 1000, cacheWrite1h: 2000, output: 89, reasoning: 20 })
  })

  it.each(COMPLETE)('of %s is the same to a tap as to a reader', (_name, bytes) => {
    const tap = anthropicMessages.usageTap(false)
    for (const event of sseReader().push(bytes)) expect(tap.see(event)).toBe(false)
    const last = readStream(anthropicMessages, bytes).findLast((event) => event.type === 'usage')
    expect(tap.usage()).toEqual(last?.usage)
    expect(tap.seen).toMatchObject({ done: true, model: 'claude-sonnet-4-5-20250929' })
    expect(tap.seen.outputChars).toBeGreaterThan(0)
  })

  it('opens with an estimate, never with nothing, when the provider names it at the end only', () => {
    const writer = anthropicMessages.eventWriter({ ...CONTEXT, inputTokens: 123 })
    const out = [
      writer.write({ type: 'start' }),
      writer.write({ type: 'block-start', index: 0, choice: 0, block: { kind: 'text' } }),
      writer.write({ type: 'delta', index: 0, text: 'hello' }),
      writer.write({ type: 'block-end', index: 0 }),
      writer.write({ type: 'finish', choice: 0, reason: 'stop' }),
      writer.write({
        type: 'usage',
        usage: { input: 90, cacheRead: 40, cacheWrite5m: null, cacheWrite1h: null, output: 7, reasoning: null },
      }),
      writer.write({ type: 'end' }),
    ].join('')
    expect(out).toMatch(/"message_start".*"usage":\{"input_tokens":123,"output_tokens":0\}/)
    expect(out).toMatch(/"message_delta".*"usage":\{"input_tokens":90,"cache_read_input_tokens":40,"output_tokens":7\}/)
  })
})

describe('errors of a stream', () => {
  it('in-stream, keep type and message on both sides', () => {
    const events = readStream(anthropicMessages, bytesOf('overloaded'))
    const last = events.at(-1)
    expect(last).toMatchObject({ type: 'error', fault: { code: 'E_OVERLOADED', status: 529, upstreamType: 'overloaded_error' } })
    expect(rewrite(events)).toMatch(
      /event: error\ndata: \{"type":"error","error":\{"type":"overloaded_error","message":"Overloaded"\}\}\n\n$/,
    )
  })

  it('a stream that breaks off is an error, not an end', () => {
    const bytes = bytesOf('text')
    const events = readStream(anthropicMessages, bytes.subarray(0, bytes.indexOf('event: message_delta')))
    expect(events.at(-1)).toMatchObject({ type: 'error', fault: { code: 'E_UPSTREAM' } })
    expect(events.some((event) => event.type === 'end')).toBe(false)
  })
})

it('blocks that overlap are written one after another, also where later ones ended first', async () => {
  const at = [0, 1, 2]
  const events: Event[] = [
    { type: 'start' },
    ...at.map((index): Event => ({ type: 'block-start', index, choice: 0, block: { kind: 'tool-call', id: `c${index}`, name: 'f' } })),
    ...at.map((index): Event => ({ type: 'delta', index, text: `{"n":${index}}` })),
    ...[1, 2, 0].map((index): Event => ({ type: 'block-end', index })),
    { type: 'finish', choice: 0, reason: 'tool-calls' },
    { type: 'end' },
  ]
  expect((await finalMessage(rewrite(events))).content).toMatchObject(at.map((n) => ({ type: 'tool_use', id: `c${n}`, input: { n } })))
})
