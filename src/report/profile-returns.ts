import { groupedBy, usdFromNano } from '../kit/index.js'
import type { CallRow } from '../ledger/index.js'
import { clusteredMean } from './intervals.js'
import type { SeenCall } from './look-at-calls.js'
import { clustersOf, sessionUnits } from './session-units.js'
import { sumOf } from './sums.js'

/** What routing brought in under one profile, over the calls where cost and baseline cost are both known. */
export type ProfileReturn = Readonly<ReturnType<typeof profileReturn>>

/** What routing saved by profile: savings against the baseline and the cost of routing itself, most expensive profile first. */
export function profileReturns(calls: readonly SeenCall[]): readonly ProfileReturn[] {
  const profiles = groupedBy(calls, ({ call }) => call.profile)
  return [...profiles].map(([name, own]) => profileReturn(name, own)).sort((a, b) => b.costUsd - a.costUsd)
}

function profileReturn(profile: string, calls: readonly SeenCall[]) {
  const compared = calls.filter(({ call }) => call.costNano !== null && call.baselineCostNano !== null)
  const savedBy = ({ costNano, baselineCostNano }: CallRow): number => (baselineCostNano ?? 0) - (costNano ?? 0)
  const cost = sumOf(compared, ({ call }) => call.costNano ?? 0)
  const saved = sumOf(compared, ({ call }) => savedBy(call))
  const perCall = clusteredMean(clustersOf(compared, sessionUnits(compared), savedBy))
  const total = (mean: number | null | undefined) => usdFromNano(mean == null ? null : Math.round(mean * compared.length))
  return {
    profile,
    calls: compared.length,
    costUsd: usdFromNano(cost),
    savingsUsd: usdFromNano(saved),
    /** 95% interval, clustered by session; null for fewer than two. */
    savingsUsdLow: total(perCall?.low),
    savingsUsdHigh: total(perCall?.high),
    /** What routing itself cost: judges, classifiers, answers sent back, shadows. All but the shadows is in `costUsd`. */
    overheadUsd: usdFromNano(sumOf(calls, overhead)),
    /** Saved for each dollar spent; null when nothing was. */
    returnPerUsd: cost === 0 ? null : saved / cost,
  }
}

/** Judges, classifiers, answers that were sent back, and shadows. */
function overhead({ attempts }: SeenCall): number {
  return attempts.reduce((total, a) => {
    const serves = (a.purpose === 'serve' || a.purpose === 'batch') && a.outcome !== 'refused'
    return serves ? total : total + (a.costNano ?? 0)
  }, 0)
}
