import { HASH_START, hashStep } from './words.js'

export const PUNCTUATION = 0
export const WORD = 1
export const NUMBER = 2
/** One character of a script written without spaces. */
export const GLYPH = 3

/** Tokens of the text scanned last; valid until the next scan. */
export interface Tokens {
  count: number
  readonly kind: Uint8Array
  readonly hash: Int32Array
  readonly start: Uint16Array
  readonly length: Uint16Array
}

const MOST = 4096
const tokens: Tokens = {
  count: 0,
  kind: new Uint8Array(MOST),
  hash: new Int32Array(MOST),
  start: new Uint16Array(MOST),
  length: new Uint16Array(MOST),
}

export function isLetter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 0xdf && c <= 0x24f && c !== 0xf7) || (c >= 0x370 && c <= 0x52f)
}

export function isGlyph(c: number): boolean {
  return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af) || c === 0x3005
}

/** Splits lower-case text (at most 4,096 characters) into words, numbers, single glyphs and punctuation, each with its hash. */
export function scan(low: string): Tokens {
  const { kind, hash, start, length } = tokens
  const end = Math.min(low.length, MOST)
  let n = 0
  let i = 0
  while (i < end) {
    const from = i
    let c = low.charCodeAt(i)
    let h = HASH_START
    if (isLetter(c)) {
      do {
        h = hashStep(h, c)
        c = low.charCodeAt(++i)
      } while (i < end && (isLetter(c) || (c === 39 && isLetter(low.charCodeAt(i + 1)))))
      kind[n] = WORD
    } else if (c >= 48 && c <= 57) {
      do {
        h = hashStep(h, c)
        c = low.charCodeAt(++i)
      } while (i < end && c >= 48 && c <= 57)
      kind[n] = NUMBER
    } else if (c <= 32 || c === 95 || c === 0xa0 || c === 0x3000) {
      i++
      continue
    } else {
      h = hashStep(h, c)
      i++
      kind[n] = isGlyph(c) ? GLYPH : PUNCTUATION
    }
    hash[n] = h
    start[n] = from
    length[n] = i - from
    n++
  }
  tokens.count = n
  return tokens
}
