import { Fault } from '../../kit/index.js'

/** A growing buffer that values are written to in turn. */
export interface Sink {
  bytes: Buffer
  at: number
}

/** Bytes that values are read from in turn. */
export interface Source {
  bytes: Buffer
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

/** A copy of what was written. */
export function finish(sink: Sink): Uint8Array {
  return new Uint8Array(sink.bytes.subarray(0, sink.at))
}

export function sourceOf(bytes: Uint8Array): Source {
  return { bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 }
}

export function putByte(sink: Sink, value: number): void {
  ensure(sink, 1)
  sink.bytes[sink.at++] = value
}

export function getByte(source: Source): number {
  const value = source.bytes[source.at++]
  if (value === undefined) throw new Fault('E_LEDGER', 'a decision record ends too early', { hint: 'run `llmroute ledger verify`' })
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

/**
 * Any number, exactly. One with at most six decimals takes a varint of millionths; any other takes nine bytes.
 * The lowest bits of the varint tell: 0 a positive, 1 a negative, 2 a raw double.
 */
export function putNumber(sink: Sink, value: number): void {
  const scaled = Math.round(Math.abs(value) * GRID)
  if (scaled < 2 ** 50 && scaled / GRID === Math.abs(value) && !Object.is(value, -0)) {
    putVarint(sink, scaled * 4 + (value < 0 ? 1 : 0))
    return
  }
  putByte(sink, 2)
  ensure(sink, 8)
  sink.at = sink.bytes.writeDoubleLE(value, sink.at)
}

export function getNumber(source: Source): number {
  const coded = getVarint(source)
  const tag = coded % 4
  if (tag !== 2) {
    const value = (coded - tag) / 4 / GRID
    return tag === 1 ? -value : value
  }
  const value = source.bytes.readDoubleLE(source.at)
  source.at += 8
  return value
}

export function putText(sink: Sink, text: string): void {
  const length = Buffer.byteLength(text)
  putVarint(sink, length)
  ensure(sink, length)
  sink.bytes.write(text, sink.at)
  sink.at += length
}

export function getText(source: Source): string {
  const length = getVarint(source)
  if (length === 0) return ''
  const from = source.at
  source.at += length
  return source.bytes.toString('utf8', from, source.at)
}

export function putTexts(sink: Sink, texts: readonly string[]): void {
  putVarint(sink, texts.length)
  for (const text of texts) putText(sink, text)
}

export function getTexts(source: Source): string[] {
  const texts: string[] = []
  for (let n = getVarint(source); n > 0; n--) texts.push(getText(source))
  return texts
}

/** A value or nothing: a byte 0, or a byte 1 and the value. */
export function putMaybe<T>(sink: Sink, value: T | null, put: (sink: Sink, value: T) => void): void {
  putByte(sink, value === null ? 0 : 1)
  if (value !== null) put(sink, value)
}

export function getMaybe<T>(source: Source, get: (source: Source) => T): T | null {
  return getByte(source) === 0 ? null : get(source)
}

/** Hex digits of whole bytes, as digests are, take half their length; any other text is written as text. */
export function putDigest(sink: Sink, digest: string): void {
  const isHex = digest.length <= 64 && /^(?:[0-9a-f]{2})+$/.test(digest)
  if (!isHex) {
    putByte(sink, 0)
    putText(sink, digest)
    return
  }
  putByte(sink, digest.length / 2)
  ensure(sink, digest.length / 2)
  sink.at += sink.bytes.write(digest, sink.at, 'hex')
}

export function getDigest(source: Source): string {
  const length = getByte(source)
  if (length === 0) return getText(source)
  source.at += length
  return source.bytes.toString('hex', source.at - length, source.at)
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
