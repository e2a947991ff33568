import { Fault } from './fault.js'

/** A growing buffer that values are written to in turn. */
export interface Sink {
  bytes: Buffer
  at: number
}

/** Bytes that values are read from in turn. */
export interface Source {
  readonly bytes: Buffer
  at: number
}

export function newSink(): Sink {
  return { bytes: Buffer.alloc(4096), at: 0 }
}

/** Makes room for `more` bytes. */
export function ensure(sink: Sink, more: number): void {
  if (sink.at + more <= sink.bytes.length) return
  const wider = Buffer.alloc(Math.max(sink.bytes.length * 2, sink.at + more))
  sink.bytes.copy(wider, 0, 0, sink.at)
  sink.bytes = wider
}

/** A copy of what was written, in Node's pool of small buffers: memory of its own takes three times as long. */
export function finish(sink: Sink): Buffer {
  return Buffer.from(sink.bytes.subarray(0, sink.at))
}

/** A view of the same memory; no copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function sourceOf(bytes: Uint8Array): Source {
  return { bytes: asBuffer(bytes), at: 0 }
}

function cutShort(): Fault {
  return new Fault('E_LEDGER', 'a packed record ends too early', { hint: 'run `llmroute ledger verify`' })
}

/** Steps over `length` bytes and says where they began. */
export function skip(source: Source, length: number): number {
  const from = source.at
  source.at = from + length
  if (source.at > source.bytes.length) throw cutShort()
  return from
}

export function putByte(sink: Sink, value: number): void {
  ensure(sink, 1)
  sink.bytes[sink.at++] = value
}

export function getByte(source: Source): number {
  const value = source.bytes[source.at++]
  if (value === undefined) throw cutShort()
  return value
}

/** A safe integer from 0, seven bits a byte, the lowest first. */
export function putVarint(sink: Sink, value: number): void {
  ensure(sink, 8)
  let rest = value
  while (rest >= 0x80) {
    sink.bytes[sink.at++] = (rest & 0x7f) | 0x80
    rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128)
  }
  sink.bytes[sink.at++] = rest
}

export function getVarint(source: Source): number {
  let byte = getByte(source)
  if (byte < 0x80) return byte
  let value = byte & 0x7f
  let scale = 128
  do {
    byte = getByte(source)
    value += (byte & 0x7f) * scale
    scale *= 128
  } while (byte >= 0x80)
  return value
}
