import type { Report, ReportQuery } from './build-report.js'

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
