import type { Event } from '../../src/canonical/index.js'
import { sseReader } from '../../src/kit/index.js'
import { type Codec, collectReply, type ReplyContext } from '../../src/wire/index.js'

/** Events of a stream given as text or bytes, cut at the given places. */
export function readStream(codec: Codec, stream: string | Buffer, cuts: readonly number[] = []): Event[] {
  const bytes = Buffer.from(stream)
  const at = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b)
  const sse = sseReader()
  const reader = codec.eventReader()
  const events: Event[] = []
  for (const [i, from] of [0, ...at].entries()) {
    for (const event of sse.push(bytes.subarray(from, at[i] ?? bytes.length))) events.push(...reader.read(event))
  }
  for (const event of sse.end()) events.push(...reader.read(event))
  events.push(...reader.end())
  return events
}

export function writeStream(codec: Codec, events: readonly Event[], context: ReplyContext): string {
  const writer = codec.eventWriter(context)
  return events.map((event) => writer.write(event)).join('')
}

/** The `data` of every event as JSON, `[DONE]` as text. */
export function dataOf(stream: string): unknown[] {
  const sse = sseReader()
  return [...sse.push(Buffer.from(stream)), ...sse.end()].map(({ data }) => (data === '[DONE]' ? data : JSON.parse(data)))
}

export { collectReply }
