import { FEATURE_NAMES } from '../features/index.js'

/** Kinds of request with their own model; `issue` has none, since nothing in a repository issue's text predicts its difficulty. */
export const KINDS = ['exam', 'contest', 'call', 'japanese', 'issue'] as const
export type Kind = (typeof KINDS)[number]
export const EXPERTS: readonly Kind[] = ['contest', 'call', 'japanese']

const at = (name: string): number => FEATURE_NAMES.indexOf(name)
const [KANA, CJK, CYRILLIC, FOREIGN, LENGTH, LITTLE_WORDS, WORDS, SHORT_ORDER] = [
  at('kana'),
  at('cjk'),
  at('cyr'),
  at('non'),
  at('len'),
  at('commonrate'),
  at('words'),
  at('shortdo'),
]
const JAPANESE = KINDS.indexOf('japanese')

/** Probability of each kind from the products of its weights, without bias, found in `products` from index `from`. */
export function tellKinds(dense: readonly number[], products: Float64Array, from: number, bias: Float32Array): Float64Array {
  const kinds = new Float64Array(KINDS.length)
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < kinds.length; k++) {
    const sum = bias[k]! + products[from + k]!
    kinds[k] = sum
    if (sum > most) most = sum
  }
  let total = 0
  for (let k = 0; k < kinds.length; k++) total += kinds[k] = Math.exp(kinds[k]! - most)
  for (let k = 0; k < kinds.length; k++) kinds[k]! /= total
  settleJapanese(kinds, dense)
  return kinds
}

/** Japanese is recognised by its script alone: kana, and enough of them. */
function settleJapanese(kinds: Float64Array, dense: readonly number[]): void {
  if (dense[KANA]! > 0.1 && shareOf(dense, CJK) > 0.25) {
    kinds.fill(0)
    kinds[JAPANESE] = 1
    return
  }
  const rest = 1 - kinds[JAPANESE]!
  kinds[JAPANESE] = 0
  for (let k = 0; k < kinds.length; k++) kinds[k] = rest > 1e-6 ? kinds[k]! / rest : k === 0 ? 1 : 0
}

/** What the distance to the training data does not show: other scripts and languages, and short instructions, which no exam contains. */
export function familiarity(dense: readonly number[], kinds: Float64Array): number {
  if (kinds[JAPANESE]! === 1) return 1
  if (shareOf(dense, CJK) + shareOf(dense, CYRILLIC) > 0.2) return 0.2
  if (dense[LITTLE_WORDS]! < 0.03 && dense[WORDS]! > Math.log1p(4) && shareOf(dense, FOREIGN) > 0) return 0.3
  return 1 - 0.6 * kinds[0]! * dense[SHORT_ORDER]!
}

/** Share of the text's characters of a class whose count is given as ln(1 + count). */
function shareOf(dense: readonly number[], feature: number): number {
  return Math.expm1(dense[feature]!) / Math.max(1, Math.min(1800, Math.expm1(dense[LENGTH]!)))
}
