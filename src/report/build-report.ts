import { usdFromNano } from '../kit/index.js'
import { type Comparison, type Ledger, VERIFICATION } from '../ledger/index.js'
import { experimentResults } from './experiment-results.js'
import { groupRows } from './group-rows.js'
import { ESCALATIONS, lookAtCalls, type SeenCall } from './look-at-calls.js'
import { findNotional, moneyOf, type Notional } from './notional.js'
import { overProvisionedRoutes } from './over-provisioned.js'
import { profileReturns } from './profile-returns.js'
import { rate } from './rate.js'
import type { BaselineComparison, GroupBy, Report } from './report.js'
import { savingsInterval } from './savings-interval.js'
import { type Range, wholeHours } from './whole-hours.js'

/** A range that totals are kept for: it is rounded outwards to whole hours. */
export interface ReportQuery extends Range {
  readonly by: GroupBy
  readonly nowMs: number
}

/**
 * Adds up what the ledger recorded. Imported calls are included, at list prices; calls that check a simulation are not traffic and have a
 * separate total. `given`: the newest calls and the notional ones of the range, when these were read already.
 */
export function buildReport(
  ledger: Ledger,
  { by, nowMs, ...asked }: ReportQuery,
  given?: { readonly seen: readonly SeenCall[]; readonly notional: Notional },
): Report {
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
    costUsd: usdFromNano(money.costNano),
    notional: { calls: money.notionalCalls, costUsd: usdFromNano(money.notionalNano) },
    imported: { calls: sums.calls - live.calls, costUsd: usdFromNano(sums.costNano - live.costNano) },
    unpricedCalls: sums.unpriced,
    shadowCostUsd: usdFromNano(sums.shadowCostNano),
    verification: { calls: checks.calls, costUsd: usdFromNano(checks.costNano) },
    inputTokens: prompt,
    cachedInputTokens: sums.cacheReadTokens,
    outputTokens: sums.outputTokens,
    errorRate: rate(sums.errors, sums.calls),
    baselines: ledger
      .comparisons({ ...range, except: { models: [...notional.models], calls: notional.calls.map(({ id }) => id) } })
      .map(compared),
    by,
    groups: groupRows(ledger, by, range, seen, notional),
    escalationRate: rate(escalations(ledger, range), sums.calls),
    failoverRate: rate(sums.failovers, sums.calls),
    cacheHitRate: rate(sums.cacheReadTokens, prompt),
    overProvisioned: overProvisionedRoutes(billed),
    profiles: profileReturns(billed),
    experiments: experimentResults(seen),
    lookedAt: seen.length,
  }
}

function compared(comparison: Comparison): BaselineComparison {
  const { baseline, calls, costNano, baselineCostNano } = comparison
  const interval = savingsInterval(comparison)
  const saved = baselineCostNano - costNano
  return {
    name: baseline,
    calls,
    costUsd: usdFromNano(baselineCostNano),
    savingsUsd: usdFromNano(saved),
    savingsUsdLow: usdFromNano(interval?.low ?? null),
    savingsUsdHigh: usdFromNano(interval?.high ?? null),
    savingsFraction: baselineCostNano === 0 ? null : saved / baselineCostNano,
  }
}

function escalations(ledger: Ledger, range: Range): number {
  const counts = ledger.outcomeCounts(range)
  return ESCALATIONS.reduce((sum, kind) => sum + (counts.get(kind)?.raised ?? 0), 0)
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
