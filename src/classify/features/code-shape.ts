import { type CharCounts, is, lg } from './char-counts.js'

export const CODE_NAMES = ['bound', 'modulo', 'sample', 'trace'] as const

/** Marks of programming contests and of reported faults. */
export function codeShape(low: string, out: number[]): void {
  out.push(
    largestPower(low),
    is((low.includes('mod') || low.includes('998244353') || low.includes('10^9')) && /modulo|\bmod\b|998244353|10\^9 ?\+ ?7/.test(low)),
    lg(low.match(/sample (?:input|output)|\nexample \d|\binput:?\n/g)?.length ?? 0),
    is(/traceback|stack trace|exception|error:|steps to reproduce|expected behaviou?r/.test(low)),
  )
}

/** Largest exponent k of a bound written 10^k, 10^{k} or 10**k; 0 without one. */
function largestPower(low: string): number {
  let most = 0
  if (!low.includes('10')) return most
  for (const match of low.matchAll(/10(?:\^|\*\*)\{?(\d{1,2})/g)) most = Math.max(most, Math.min(20, Number(match[1])))
  return most
}

export const BOUND_NAMES = ['bound_tiny', 'bound_small', 'bound_usual', 'bound_huge', 'bound_first', 'bound_most'] as const

/** An upper bound of a statement's constraints: "≤ 100", "<= 10^5", "\leq 2 \times 10^{5}". */
const BOUND =
  /(?:<=?|≤|\\leq?(?:slant)?(?![a-z])|\\lt(?![a-z]))\s{0,3}(\d[\d,]{0,14})(\s{0,2}(?:\\times|\\cdot|×|\*)\s{0,2}10(?=\^|\*\*))?(?:(?:\^|\*\*)\{?(\d{1,2}))?/g

/** How large the inputs of a contest's problem grow: up to 100 anything will do, from 10^5 on it takes an idea. Sizes are decimal logarithms. */
export function boundShape(s: string, counts: CharCounts, out: number[]): void {
  const sizes: number[] = []
  if (counts.bounds > 0 || counts.ascii[60]! > 0 || counts.ascii[92]! > 0)
    for (const [, factor, times, power] of s.matchAll(BOUND)) {
      const size = Math.log10(Math.max(1, Number((factor as string).replaceAll(',', ''))))
      sizes.push(power === undefined ? size : times === undefined ? size * Number(power) : size + Number(power))
    }
  const between = (from: number, to: number): number => sizes.filter((size) => size > from && size <= to).length
  out.push(between(0, 2), between(2, 4), between(4.6, 6), between(8, 60), Math.min(30, sizes[0] ?? 0), Math.min(30, Math.max(0, ...sizes)))
}
