import {
  ensure,
  Fault,
  getByte,
  getVarint,
  type Packing,
  packedList,
  putByte,
  putVarint,
  type Sink,
  type Source,
  skip,
} from '../../kit/index.js'

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

export const NUMBER: Packing<number> = { write: putNumber, read: getNumber }

/** Whether `length` bytes from `from` are the known ones. For few bytes this loop is several times sooner done than a native comparison. */
export function isSameAs(known: Uint8Array | undefined, bytes: Uint8Array, from: number, length: number): boolean {
  if (known === undefined || known.length !== length) return false
  for (let i = 0; i < length; i++) if (known[i] !== bytes[from + i]) return false
  return true
}

/** Texts read before, in slots by a hash of their bytes. The same few come back on every row, and comparing is cheaper than decoding. */
interface Recall {
  readonly bytes: (Buffer | undefined)[]
  readonly texts: string[]
  /** Bytes that are hashed: the first few of a digest are as good as all. */
  readonly hashed: number
}

const SLOTS = 4096

function newRecall(hashed: number): Recall {
  return { bytes: new Array<Buffer | undefined>(SLOTS).fill(undefined), texts: new Array<string>(SLOTS).fill(''), hashed }
}

function recall(memory: Recall, source: Source, length: number, encoding: 'utf8' | 'hex'): string {
  const from = skip(source, length)
  const { bytes } = source
  if (length > 64) return bytes.toString(encoding, from, from + length)
  let hash = length
  const end = from + Math.min(length, memory.hashed)
  for (let i = from; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
  if (isSameAs(memory.bytes[slot], bytes, from, length)) return memory.texts[slot]!
  const text = bytes.toString(encoding, from, from + length)
  memory.bytes[slot] = Buffer.from(bytes.subarray(from, from + length))
  memory.texts[slot] = text
  return text
}

const plain = newRecall(64)
const hex = newRecall(4)

export function putText(sink: Sink, text: string): void {
  const length = Buffer.byteLength(text)
  putVarint(sink, length)
  ensure(sink, length)
  sink.bytes.write(text, sink.at)
  sink.at += length
}

export function getText(source: Source): string {
  const length = getVarint(source)
  return length === 0 ? '' : recall(plain, source, length, 'utf8')
}

export const TEXT: Packing<string> = { write: putText, read: getText }
export const TEXTS = packedList(TEXT)

/** Hex digits of whole bytes, such as digests, take half their length; any other text is written as text. */
function putDigest(sink: Sink, digest: string): void {
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

function getDigest(source: Source): string {
  const length = getByte(source)
  return length === 0 ? getText(source) : recall(hex, source, length, 'hex')
}

export const DIGEST: Packing<string> = { write: putDigest, read: getDigest }
