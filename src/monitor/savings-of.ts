import type { Comparison } from '../ledger/index.js'
import { savingsInterval } from '../report/index.js'
import type { Sums } from './hourly-sums.js'
import type { CallLine } from './snapshot.js'

/** Spend of a time span beside the baseline's cost for the same calls. */
export type SpanSums = Readonly<ReturnType<typeof spanSums>>

/**
 * Sums of a span with the savings' interval. The exact interval needs every call of the span; here the spread between sessions is that of
 * the newest calls, carried over to the span's size, so that it costs nothing to keep on screen.
 */
export function spanSums({ calls, costNano, notionalNano, unpriced, ...sums }: Sums, recent: readonly CallLine[]) {
  const isCompared = sums.compared > 0
  const savings = sums.baselineCostNano - sums.comparedCostNano
  const half = isCompared ? halfWidth(sums.compared, recent) : null
  return {
    ...{ calls, costNano, notionalNano, unpriced },
    /** Over the calls that have both costs: baseline minus spend, signed; null when there are none. */
    savingsNano: isCompared ? savings : null,
    savingsLowNano: half === null ? null : savings - half,
    savingsHighNano: half === null ? null : savings + half,
    baselineNano: isCompared ? sums.baselineCostNano : null,
  }
}

function halfWidth(compared: number, recent: readonly CallLine[]): number | null {
  const sample = comparisonOf(recent)
  const interval = savingsInterval(sample)
  if (interval === null) return null
  // A sum over k times as many sessions has √k times the standard error.
  return Math.round(((interval.high - interval.low) / 2) * Math.sqrt(compared / sample.calls))
}

function comparisonOf(calls: readonly CallLine[]): Comparison {
  const bySession = new Map<string, number>()
  let costNano = 0
  let baselineCostNano = 0
  let compared = 0
  for (const { session, id, costNano: cost, costNotional, baselineCostNano: baseline } of calls) {
    if (cost === null || baseline === null || costNotional) continue
    compared++
    costNano += cost
    baselineCostNano += baseline
    const cluster = session ?? id
    bySession.set(cluster, (bySession.get(cluster) ?? 0) + baseline - cost)
  }
  const squaredSavings = [...bySession.values()].reduce((sum, saved) => sum + saved * saved, 0)
  return { baseline: '', calls: compared, costNano, baselineCostNano, clusters: bySession.size, squaredSavings }
}
