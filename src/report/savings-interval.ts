import type { Nano } from '../kit/index.js'
import type { Comparison } from '../ledger/index.js'

const Z95 = 1.959964

export interface Interval {
  readonly low: Nano
  readonly high: Nano
}

/**
 * 95% interval of the savings that traffic like the recorded would give: what was saved is a sum over sessions, which are taken as drawn
 * independently, so its standard error is sqrt(n · variance of a session's savings) (cluster-robust, as in Cameron and Miller 2015). It
 * says how steady the savings are; that the baseline would have used the same tokens is assumed, not measured (`simulate` measures it).
 */
export function savingsInterval({ costNano, baselineCostNano, clusters, squaredSavings }: Comparison): Interval | null {
  if (clusters < 2) return null
  const total = baselineCostNano - costNano
  const mean = total / clusters
  const variance = Math.max(0, (squaredSavings - clusters * mean * mean) / (clusters - 1))
  const half = Z95 * Math.sqrt(clusters * variance)
  return { low: Math.round(total - half), high: Math.round(total + half) }
}
