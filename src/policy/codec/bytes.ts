import { Fault } from '../../kit/index.js'

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
export function finish(sink: Sink): Uint8Array {
  return Buffer.from(sink.bytes.subarray(0, sink.at))
}

export function sourceOf(bytes: Uint8Array): Source {
  return { bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 }
}

/** Whether `length` bytes from `from` are the known ones. For few bytes this loop is several times sooner done than a native comparison. */
export function isSameAs(known: Uint8Array | undefined, bytes: Uint8Array, from: number, length: number): boolean {
  if (known === undefined || known.length !== length) return false
  for (let i = 0; i < length; i++) if (known[i] !== bytes[from + i]) return false
  return true
}

function cutShort(): Fault {
  return new Fault('E_LEDGER', 'a decision record ends too early', { hint: 'run `llmroute ledger verify`' })
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

const GRID = 1e6
/** Lowest bits of a number's varint: a positive or negative number of millionths, a raw double that follows, or a whole number. */
const TAG = { millionths: 0, negative: 1, raw: 2, whole: 3 } as const

/** Any number, exactly: small whole numbers and millionths in a few bytes, others in nine. */
export function putNumber(sink: Sink, value: number): void {
  if (value >= 0 && value < 2 ** 50 && Number.isInteger(value) && !Object.is(value, -0)) {
    putVarint(sink, value * 4 + TAG.whole)
    return
  }
  const scaled = Math.round(Math.abs(value) * GRID)
  if (scaled < 2 ** 50 && scaled / GRID === Math.abs(value) && !Object.is(value, -0)) {
    putVarint(sink, scaled * 4 + (value < 0 ? TAG.negative : TAG.millionths))
    return
  }
  putByte(sink, TAG.raw)
  ensure(sink, 8)
  sink.at = sink.bytes.writeDoubleLE(value, sink.at)
}

export function getNumber(source: Source): number {
  const coded = getVarint(source)
  const tag = coded % 4
  switch (tag) {
    case TAG.whole:
      return (coded - tag) / 4
    case TAG.raw:
      return source.bytes.readDoubleLE(skip(source, 8))
    case TAG.negative:
      return -((coded - tag) / 4 / GRID)
    default:
      return coded / 4 / GRID
  }
}

/** Format of all decision blobs; a later one must still read this one. */
const FORMAT = 1

export function putFormat(sink: Sink): void {
  putByte(sink, FORMAT)
}

export function checkFormat(source: Source): void {
  const format = getByte(source)
  if (format !== FORMAT) {
    throw new Fault('E_LEDGER', `a decision record has format ${format}, this program reads ${FORMAT}`, { hint: 'use a newer llmroute' })
  }
}
