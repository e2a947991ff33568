import { GLYPH, NUMBER, type Tokens, WORD } from './scan.js'
import { hashStep } from './words.js'

export const BUCKETS = 4096

/** Counts of hashed words, pairs of neighbours and pieces of four letters; touched buckets are listed, so that clearing is cheap. */
export interface Bag {
  size: number
  readonly touched: Uint16Array
  readonly count: Uint16Array
}
const PIECE = 0x9747b28c | 0

const bag: Bag = { size: 0, touched: new Uint16Array(BUCKETS), count: new Uint16Array(BUCKETS) }

function add(hash: number, salt: number): void {
  let h = hash ^ salt
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  const bucket = (h ^ (h >>> 16)) & (BUCKETS - 1)
  if (bag.count[bucket] === 0) bag.touched[bag.size++] = bucket
  bag.count[bucket]! += 1
}

/** The bag of the tokens scanned last; valid until the next call. */
export function hashTokens(tokens: Tokens): Bag {
  for (let i = 0; i < bag.size; i++) bag.count[bag.touched[i]!] = 0
  bag.size = 0
  let prev = 0
  let prevKind = -1
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kind[i]!
    const length = tokens.length[i]!
    const hash = kind === NUMBER ? Math.min(6, length) : tokens.hash[i]!
    const telling = kind !== 0
    if (kind === WORD || kind === NUMBER) add(hash, 0x1b873593)
    if (prevKind >= 0 && (telling || prevKind > 0)) add(Math.imul(prev, 31) ^ hash, 0x52dce729)
    if (kind === WORD && length >= 4) addPieces(tokens.codes, tokens.start[i]!, length)
    if (kind === GLYPH && prevKind !== GLYPH) add(hash, 0x38b34ae5)
    prev = hash
    prevKind = kind
  }
  return bag
}

/** Every run of four letters of the word between its edges, written `<` and `>`. */
function addPieces(codes: Uint16Array, start: number, length: number): void {
  let a = 60
  let b = codes[start]!
  let c = codes[start + 1]!
  for (let k = 2; k <= length; k++) {
    const d = k === length ? 62 : codes[start + k]!
    add(hashStep(hashStep(hashStep(hashStep(PIECE, a), b), c), d), 0x7ed558cc)
    a = b
    b = c
    c = d
  }
}
