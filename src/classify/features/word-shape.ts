import { lg } from './char-counts.js'
import { GLYPH, isLetter, NUMBER, type Tokens, WORD } from './scan.js'
import { GROUPS, groupsOf, HASH_START, hashStep, TOPICS } from './words.js'

export const WORD_NAMES: readonly string[] = [
  ...['words', 'awl', 'long', 'maxw', 'nnum', 'numrate', 'avgsent'],
  ...['ttr', 'maxnum', 'distinctnum', 'commonrate', 'first_imp', 'first_polite'],
  ...GROUPS.map((g) => `x_${g}`),
  ...GROUPS.slice(0, TOPICS)
    .filter((g) => g !== 'arith')
    .map((g) => `s_${g}`),
]

const IMPERATIVE = GROUPS.indexOf('imperative')
const POLITE = GROUPS.indexOf('polite')
const COMMON = GROUPS.indexOf('func')
const counts = new Float64Array(GROUPS.length)
const SEEN = 8192
const seenHash = new Int32Array(SEEN)
const seenAt = new Uint32Array(SEEN)
let generation = 0

/** First occurrence of this hash since the last call of `wordShape`. */
function isNew(hash: number): boolean {
  let slot = (hash ^ (hash >>> 13)) & (SEEN - 1)
  while (seenAt[slot] === generation) {
    if (seenHash[slot] === hash) return false
    slot = (slot + 1) & (SEEN - 1)
  }
  seenAt[slot] = generation
  seenHash[slot] = hash
  return true
}

/** Counts over words: length, variety, numbers, word groups. `sentences` comes from the characters' shape. */
export function wordShape(low: string, tokens: Tokens, sentences: number, out: number[]): void {
  counts.fill(0)
  generation++
  let words = 0,
    chars = 0,
    long = 0,
    longest = 0,
    unique = 0,
    numbers = 0,
    distinct = 0,
    largest = 0,
    glyphs = 0,
    firstImperative = 0,
    firstPolite = 0
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kind[i]
    const hash = tokens.hash[i]!
    if (kind === WORD) {
      const length = tokens.length[i]!
      words++
      chars += length
      if (length >= 9) long++
      if (length > longest) longest = length
      if (isNew(hash)) unique++
      const groups = groupsOf(hash)
      if (groups !== undefined)
        for (const group of groups) {
          counts[group]! += 1
          if (words <= 2 && group === IMPERATIVE) firstImperative = 1
          if (words === 1 && group === POLITE) firstPolite = 1
        }
    } else if (kind === NUMBER) {
      numbers++
      if (isNew(hash)) distinct++
      const from = tokens.start[i]!
      const value = tokens.length[i]! > 7 ? 1e7 : Number(low.slice(from, from + tokens.length[i]!))
      if (value > largest) largest = value
    } else if (kind === GLYPH) {
      glyphs++
      countTerms(tokens.codes, tokens.start[i]!)
    }
  }
  // Two glyphs count as a word, roughly what they represent.
  const all = words + glyphs / 2
  const base = all || 1
  out.push(
    lg(all),
    words > 0 ? chars / words : 4.5,
    long / base,
    Math.min(20, longest),
    lg(numbers),
    numbers / (numbers + base),
    lg(all / (sentences + 1)),
    words > 0 ? unique / words : 1,
    lg(Math.min(1e7, largest)),
    lg(distinct),
    counts[COMMON]! / base,
    firstImperative,
    firstPolite,
  )
  const root = Math.sqrt(base)
  for (let g = 0; g < GROUPS.length; g++) out.push(counts[g]! / root)
  let topical = 0
  for (let g = 0; g < TOPICS; g++) topical += counts[g]!
  for (let g = 0; g < TOPICS; g++) out.push(topical > 0 ? counts[g]! / (topical + 1) : 0)
}

/** Terms of one to four glyphs that begin here. */
function countTerms(codes: Uint16Array, at: number): void {
  let hash = HASH_START
  for (let k = 0; k < 4; k++) {
    const c = codes[at + k]!
    if (c < 0x3000 || isLetter(c)) return
    hash = hashStep(hash, c)
    const groups = groupsOf(hash)
    if (groups !== undefined) for (const group of groups) counts[group]! += 1
  }
}
