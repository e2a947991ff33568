import { groupedBy, usdFromNano } from '../kit/index.js'
import { type CallRow, type Comparison, type Ledger, type TimeRange, VERIFICATION } from '../ledger/index.js'
import { experimentResults } from './experiment-results.js'
import { type GroupBy, groupRows } from './group-rows.js'
import { clusteredMean, clustersOf, savingsInterval, sessionUnits } from './intervals.js'
import { ESCALATIONS, lookAtCalls, type SeenCall } from './look-at-calls.js'
import { findNotional, moneyOf, type Notional } from './notional.js'
import { overProvisionedRoutes } from './over-provisioned.js'
import { rate, sumOf } from './sums.js'
import { wholeHours } from './whole-hours.js'

/** A range that totals are kept for: it is rounded outwards to whole hours. */
export interface ReportQuery extends TimeRange {
  readonly by: GroupBy
  readonly nowMs: number
}

/** What `report --json` prints. USD as numbers, unknown as null, times ISO 8601. */
export type Report = Readonly<ReturnType<typeof buildReport>>
/** The same tokens at the baseline's rates compared with the spend, over the calls where both are known. */
export type BaselineComparison = Readonly<ReturnType<typeof compared>>

/**
 * Adds up what the ledger recorded. Imported calls are included, at list prices; calls that check a simulation are not traffic and have a
 * separate total. `given`: the newest calls and the notional ones of the range, when these were read already.
 */
export function buildReport(
  ledger: Ledger,
  { by, nowMs, ...asked }: ReportQuery,
  given?: { readonly seen: readonly SeenCall[]; readonly notional: Notional },
) {
  const range = wholeHours(asked)
  const seen = given?.seen ?? lookAtCalls(ledger, range)
  const notional = given?.notional ?? findNotional(ledger, range)
  const billed = seen.filter(({ call }) => !notional.isNotional(call))
  const sums = ledger.spend({ ...range, except: VERIFICATION })
  const money = moneyOf(ledger.rollups({ ...range, by: ['model'], except: VERIFICATION }), notional.calls, notional)
  const live = ledger.spend({ ...range, source: null })
  const checks = ledger.spend({ ...range, source: VERIFICATION })
  const { oldestMs } = ledger.counts()
  const prompt = sums.inputTokens + sums.cacheReadTokens + sums.cacheWriteTokens
  return {
    since: iso(range.since ?? oldestMs),
    until: iso(Math.min(range.until ?? nowMs, nowMs)) ?? '',
    calls: sums.calls,
    /** Spend, notional amounts separate. */
    costUsd: usdFromNano(money.costNano),
    /** Calls that clients' own credentials paid for, at the provider's list prices: in no other sum of money, and in no savings. */
    notional: { calls: money.notionalCalls, costUsd: usdFromNano(money.notionalNano) },
    /** What of `calls` and `costUsd` was imported, at list prices: what its maker was billed is not known. */
    imported: { calls: sums.calls - live.calls, costUsd: usdFromNano(sums.costNano - live.costNano) },
    /** Calls whose price is unknown; they are in no sum of money. */
    unpricedCalls: sums.unpriced,
    shadowCostUsd: usdFromNano(sums.shadowCostNano),
    /** Calls of `simulate --verify`: in no other sum, since no client made them. */
    verification: { calls: checks.calls, costUsd: usdFromNano(checks.costNano) },
    inputTokens: prompt,
    cachedInputTokens: sums.cacheReadTokens,
    outputTokens: sums.outputTokens,
    errorRate: rate(sums.errors, sums.calls),
    baselines: ledger
      .comparisons({ ...range, except: { models: [...notional.models], calls: notional.calls.map(({ id }) => id) } })
      .map(compared),
    by,
    /** Most expensive first; by day, oldest first. */
    groups: groupRows(ledger, by, range, seen, notional),
    /** Share of calls that moved to a stronger model on evidence, by ladder or cascade. */
    escalationRate: rate(escalations(ledger, range), sums.calls),
    /** Attempts on a further model, a call. */
    failoverRate: rate(sums.failovers, sums.calls),
    /** Share of prompt tokens that were read from a provider's cache. */
    cacheHitRate: rate(sums.cacheReadTokens, prompt),
    overProvisioned: overProvisionedRoutes(billed),
    profiles: profileReturns(billed),
    experiments: experimentResults(seen),
    /** Newest calls that quality, satisfaction, escalation by group, returns and experiments are computed from. */
    lookedAt: seen.length,
  }
}

/** What `report --json` prints when there is no ledger to read, or none that holds a call. */
export function emptyReport({ by, since, until, nowMs }: ReportQuery): Report {
  return {
    since: since === undefined ? null : new Date(since).toISOString(),
    until: new Date(until ?? nowMs).toISOString(),
    calls: 0,
    costUsd: 0,
    notional: { calls: 0, costUsd: 0 },
    imported: { calls: 0, costUsd: 0 },
    unpricedCalls: 0,
    shadowCostUsd: 0,
    verification: { calls: 0, costUsd: 0 },
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    errorRate: 0,
    baselines: [],
    by,
    groups: [],
    escalationRate: 0,
    failoverRate: 0,
    cacheHitRate: 0,
    overProvisioned: [],
    profiles: [],
    experiments: [],
    lookedAt: 0,
  }
}

function compared(comparison: Comparison) {
  const { baseline, calls, costNano, baselineCostNano } = comparison
  const interval = savingsInterval(comparison)
  const saved = baselineCostNano - costNano
  return {
    name: baseline,
    calls,
    costUsd: usdFromNano(baselineCostNano),
    savingsUsd: usdFromNano(saved),
    /** 95% interval, see `savingsInterval`; null for fewer than two sessions. */
    savingsUsdLow: usdFromNano(interval?.low ?? null),
    savingsUsdHigh: usdFromNano(interval?.high ?? null),
    /** Of the baseline's cost; null when that is 0. */
    savingsFraction: baselineCostNano === 0 ? null : saved / baselineCostNano,
  }
}

function escalations(ledger: Ledger, range: TimeRange): number {
  const counts = ledger.outcomeCounts(range)
  return ESCALATIONS.reduce((sum, kind) => sum + (counts.get(kind)?.raised ?? 0), 0)
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/** What routing brought in under one profile, over the calls where cost and baseline cost are both known. */
export type ProfileReturn = Readonly<ReturnType<typeof profileReturn>>

/** What routing saved by profile: savings against the baseline and the cost of routing itself, most expensive profile first. */
function profileReturns(calls: readonly SeenCall[]): readonly ProfileReturn[] {
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
