import { ensure, getByte, getVarint, type Packing, packedList, putByte, putVarint, type Sink, type Source, skip } from '../../kit/index.js'

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
