import { entry, type Nano } from '../kit/index.js'
import type { CallRow, Comparison } from '../ledger/index.js'
import type { SeenCall } from './look-at-calls.js'

const Z95 = 1.959964

interface Estimate {
  readonly mean: number
  /** 95% interval; null for fewer than two independent observations. */
  readonly low: number | null
  readonly high: number | null
}

/** A share with Wilson's 95% score interval (Wilson 1927), which holds for few observations too; null without any. */
export function shareOf(hits: number, of: number): Estimate | null {
  if (of === 0) return null
  const p = hits / of
  const z2 = Z95 * Z95
  const centre = (p + z2 / (2 * of)) / (1 + z2 / of)
  const half = (Z95 / (1 + z2 / of)) * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of))
  // At the ends the interval ends there too, but for rounding.
  return { mean: p, low: hits === 0 ? 0 : centre - half, high: hits === of ? 1 : centre + half }
}

/** Total and size of one cluster: a session, or a call without one. */
interface Cluster {
  readonly sum: number
  readonly n: number
}

/**
 * Mean per observation over clusters that are assumed independent, as a ratio of sums with its linearised, cluster-robust standard error
 * (Cochran 1977, Sampling Techniques, 6.4). Null without observations.
 */
export function clusteredMean(clusters: readonly Cluster[]): (Estimate & { readonly se: number | null }) | null {
  const n = clusters.reduce((total, c) => total + c.n, 0)
  if (n === 0) return null
  const mean = clusters.reduce((total, c) => total + c.sum, 0) / n
  const k = clusters.length
  if (k < 2) return { mean, low: null, high: null, se: null }
  const squares = clusters.reduce((total, c) => total + (c.sum - mean * c.n) ** 2, 0)
  const se = Math.sqrt((squares * k) / (k - 1)) / n
  return { mean, low: mean - Z95 * se, high: mean + Z95 * se, se }
}

/** Difference of two independent means; null bounds when either is unsure of itself. */
export function difference(a: Estimate & { readonly se: number | null }, b: Estimate & { readonly se: number | null }): Estimate {
  const mean = a.mean - b.mean
  if (a.se === null || b.se === null) return { mean, low: null, high: null }
  const half = Z95 * Math.hypot(a.se, b.se)
  return { mean, low: mean - half, high: mean + half }
}

/**
 * 95% interval of the savings that traffic like the recorded would give: what was saved is a sum over sessions, which are taken as drawn
 * independently, so its standard error is sqrt(n · variance of a session's savings) (cluster-robust, as in Cameron and Miller 2015). It
 * says how steady the savings are; that the baseline would have used the same tokens is assumed, not measured (`simulate` measures it).
 */
export function savingsInterval({
  costNano,
  baselineCostNano,
  clusters,
  squaredSavings,
}: Comparison): { readonly low: Nano; readonly high: Nano } | null {
  if (clusters < 2) return null
  const total = baselineCostNano - costNano
  const mean = total / clusters
  const variance = Math.max(0, (squaredSavings - clusters * mean * mean) / (clusters - 1))
  const half = Z95 * Math.sqrt(clusters * variance)
  return { low: Math.round(total - half), high: Math.round(total + half) }
}

/**
 * The session that each call varies with. A sub-agent (`SESSION/AGENT`) belongs to its session: they share the task and an experiment's arm,
 * so that an interval over sub-agents by themselves would be too narrow. A call without a session stands alone.
 */
export function sessionUnits(calls: readonly SeenCall[]): (call: CallRow) => string {
  const sessions = new Set(calls.map(({ call }) => call.session))
  return ({ session, id }) => {
    if (session === null) return id
    const whole = session.slice(0, Math.max(0, session.lastIndexOf('/')))
    return sessions.has(whole) ? whole : session
  }
}

/** A value of each call, summed by what `unitOf` groups them by; calls without one are left out. */
export function clustersOf(
  calls: readonly SeenCall[],
  unitOf: (call: CallRow) => string,
  value: (call: CallRow) => number | null,
): readonly Cluster[] {
  const clusters = new Map<string, { sum: number; n: number }>()
  for (const { call } of calls) {
    const own = value(call)
    if (own === null) continue
    const cluster = entry(clusters, unitOf(call), () => ({ sum: 0, n: 0 }))
    cluster.sum += own
    cluster.n++
  }
  return [...clusters.values()]
}
