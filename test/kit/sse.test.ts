import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSse, encodeSse, type SseEvent, sseReader, sseSplitter } from '../../src/kit/sse.js'

/** Feeds the bytes in pieces cut at the given places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length))
}

function readAll(chunks: readonly Buffer[]): SseEvent[] {
  const reader = sseReader()
  return [...chunks.flatMap((c) => reader.push(c)), ...reader.end()]
}

const event = fc.record({
  event: fc.option(fc.constantFrom('ping', 'message_start', 'response.created'), { nil: undefined }),
  data: fc.json(),
})
const lineEnd = fc.constantFrom('\n', '\r\n')
const stream = fc.array(fc.tuple(event, lineEnd, fc.boolean()), { minLength: 1, maxLength: 12 })

function encodeWith(items: readonly (readonly [{ event: string | undefined; data: string }, string, boolean])[]): string {
  return items
    .map(
      ([e, end, comment]) => `${comment ? `: keep-alive${end}` : ''}${e.event ? `event: ${e.event}${end}` : ''}data: ${e.data}${end}${end}`,
    )
    .join('')
}

describe('server-sent events', () => {
  it('gives the same events and the same bytes for any split, with CRLF, comments and characters cut in half', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(5000), { maxLength: 30 }), (items, cuts) => {
        const bytes = Buffer.from(encodeWith(items), 'utf8')
        const chunks = pieces(bytes, cuts)
        const splitter = sseSplitter()
        const raw = chunks.flatMap((c) => splitter.push(c))
        expect(splitter.end()).toBeNull()
        expect(Buffer.concat(raw).equals(bytes)).toBe(true)
        expect(raw).toHaveLength(items.length)
        expect(readAll(chunks)).toEqual(items.map(([e]) => (e.event ? e : { data: e.data })))
      }),
    )
  })

  it('cuts one byte at a time', () => {
    const bytes = Buffer.from('data: {"t":"héllo 🌍"}\r\n\r\nevent: x\ndata: 2\n\n')
    expect(readAll([...bytes].map((b) => Buffer.from([b])))).toEqual([{ data: '{"t":"héllo 🌍"}' }, { event: 'x', data: '2' }])
  })

  it('reads the last event without its final newlines', () => {
    expect(readAll([Buffer.from('data: 1\n\ndata: [DO'), Buffer.from('NE]')])).toEqual([{ data: '1' }, { data: '[DONE]' }])
  })

  it('joins several data lines and removes one leading space only', () => {
    expect(decodeSse(Buffer.from('data:a\ndata:  b\ndata\n\n'))).toEqual({ data: 'a\n b\n' })
  })

  it('skips comments, retry hints, blank lines, unknown fields and a byte order mark', () => {
    expect(readAll([Buffer.from(': x\n\nretry: 5\n\n\n\n\ufeff\n\ndatax: 1\n\n')])).toEqual([])
    expect(readAll([Buffer.from('\ufeffdata: 1\n\n')])).toEqual([{ data: '1' }])
  })

  it('is idle exactly when no part of an event is held', () => {
    const splitter = sseSplitter()
    splitter.push(Buffer.from('data: 1\n\n'))
    expect(splitter.idle).toBe(true)
    splitter.push(Buffer.from('data: 1\n'))
    expect(splitter.idle).toBe(false)
  })

  it('encodes what it decodes', () => {
    expect(decodeSse(Buffer.from(encodeSse('{"a":1}', 'ping')))).toEqual({ event: 'ping', data: '{"a":1}' })
    expect(encodeSse('1')).toBe('data: 1\n\n')
  })
})
