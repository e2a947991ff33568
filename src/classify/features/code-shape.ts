import { is, lg } from './char-counts.js'

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
