import { groupedBy } from '../../kit/index.js'

/** The results of one stratum: `x` is known for all its calls and explains part of `e`, which is known for those drawn. */
export interface SampledStratum {
  /** Strata of one group share a ratio of `e` to `x`. */
  readonly group: string
  readonly calls: number
  /** Sum of `x` over all calls. */
  readonly known: number
  readonly drawn: readonly { readonly x: number; readonly e: number }[]
}

export interface Total {
  readonly value: number
  readonly variance: number
  /** Degrees of freedom of the variance. */
  readonly freedom: number
}

/** Ratios of fewer calls than this are biased. */
const ENOUGH_FOR_RATIO = 10

/**
 * Total of `e` over all calls from a stratified random sample: with the combined ratio estimator (Cochran 1977, Sampling Techniques, 6.11) where a
 * group has calls enough, else by the strata's means alone. Variances are those of the residuals, with the finite population correction.
 * Every stratum must have two calls drawn, or all of its calls.
 */
export function estimateTotal(strata: readonly SampledStratum[]): Total {
  const found = [...groupedBy(strata, ({ group }) => group).values()].map(estimateGroup)
  return {
    value: found.reduce((sum, g) => sum + g.value, 0),
    variance: found.reduce((sum, g) => sum + g.variance, 0),
    freedom: Math.max(
      1,
      found.reduce((sum, g) => sum + g.freedom, 0),
    ),
  }
}

function estimateGroup(strata: readonly SampledStratum[]): Total {
  const drawn = strata.reduce((n, s) => n + s.drawn.length, 0)
  const expanded = (of: (d: { readonly x: number; readonly e: number }) => number): number =>
    strata.reduce((sum, { calls, drawn: own }) => sum + (calls * own.reduce((a, d) => a + of(d), 0)) / own.length, 0)
  const x = expanded((d) => d.x)
  const ratio = drawn >= ENOUGH_FOR_RATIO && x > 0 ? expanded((d) => d.e) / x : 0
  const known = strata.reduce((sum, s) => sum + s.known, 0)
  let variance = 0
  for (const { calls, drawn: own } of strata) {
    const n = own.length
    if (n < 2) continue
    const residuals = own.map((d) => d.e - ratio * d.x)
    const mean = residuals.reduce((a, b) => a + b, 0) / n
    const spread = residuals.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (n - 1)
    variance += (calls ** 2 * (1 - n / calls) * spread) / n
  }
  return { value: ratio === 0 ? expanded((d) => d.e) : ratio * known, variance, freedom: drawn - strata.length }
}

/** 97.5% quantile of Student's t (Abramowitz and Stegun 1972, 26.7.5). */
export function t975(freedom: number): number {
  const z = 1.959964
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7]
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  )
}
