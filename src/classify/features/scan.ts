import { HASH_START, hashStep } from './words.js'

const PUNCTUATION = 0
export const WORD = 1
export const NUMBER = 2
/** One character of a script written without spaces. */
export const GLYPH = 3

/** Tokens of the text scanned last; valid until the next scan. */
export interface Tokens {
  count: number
  /** The text's UTF-16 units, then a 0. */
  readonly codes: Uint16Array
  readonly kind: Uint8Array
  readonly hash: Int32Array
  readonly start: Uint16Array
  readonly length: Uint16Array
}

const MOST = 4096
const tokens: Tokens = {
  count: 0,
  codes: new Uint16Array(MOST + 1),
  kind: new Uint8Array(MOST),
  hash: new Int32Array(MOST),
  start: new Uint16Array(MOST),
  length: new Uint16Array(MOST),
}
const bytes = Buffer.from(tokens.codes.buffer)

export function isLetter(c: number): boolean {
  return c < 128 ? c >= 97 && c <= 122 : (c >= 0xdf && c <= 0x24f && c !== 0xf7) || (c >= 0x370 && c <= 0x52f)
}

function isGlyph(c: number): boolean {
  return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af) || c === 0x3005
}

const SPACE = 4
/** Kind of each token by its first unit. */
const KIND_OF = Uint8Array.from({ length: 65536 }, (_, c) => {
  if (isLetter(c)) return WORD
  if (c >= 48 && c <= 57) return NUMBER
  if (c <= 32 || c === 95 || c === 0xa0 || c === 0x3000) return SPACE
  return isGlyph(c) ? GLYPH : PUNCTUATION
})

/**
 * Splits lower-case text (at most 4,096 units) into words, numbers, single glyphs and punctuation, each with its hash. The text is copied
 * out at once first: reading an array is twice as fast as asking a string for each unit.
 */
export function scan(low: string): Tokens {
  const { codes, kind, hash, start, length } = tokens
  const end = bytes.write(low, 0, 2 * MOST, 'utf16le') >> 1
  codes[end] = 0
  let n = 0
  let i = 0
  while (i < end) {
    const from = i
    let c = codes[i++]!
    const is = KIND_OF[c]!
    if (is === SPACE) continue
    let h = hashStep(HASH_START, c)
    if (is === WORD)
      for (; i < end; i++) {
        c = codes[i]!
        // An apostrophe belongs to the word when a letter follows.
        if (KIND_OF[c] !== WORD && !(c === 39 && KIND_OF[codes[i + 1]!] === WORD)) break
        h = hashStep(h, c)
      }
    else if (is === NUMBER)
      for (; i < end; i++) {
        c = codes[i]!
        if (KIND_OF[c] !== NUMBER) break
        h = hashStep(h, c)
      }
    kind[n] = is
    hash[n] = h
    start[n] = from
    length[n] = i - from
    n++
  }
  tokens.count = n
  return tokens
}
