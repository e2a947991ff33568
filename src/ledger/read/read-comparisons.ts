import type { Nano } from '../../kit/index.js'
import type { Db } from '../database/native.js'
import type { Names } from '../names.js'
import type { TimeRange } from '../rows.js'

/** Sums over the calls that were compared with one baseline: cost and baseline cost both known. */
export interface Comparison {
  readonly baseline: string
  readonly calls: number
  readonly costNano: Nano
  readonly baselineCostNano: Nano
  /** Sessions, and calls without one: what varies independently. */
  readonly clusters: number
  /** Sum over clusters of the squared difference of the two costs, nano-USD squared. */
  readonly squaredSavings: number
}

export interface ComparisonQuery extends TimeRange {
  /** Left out: all calls that these models answered, and these calls. */
  readonly except?: { readonly models: readonly string[]; readonly calls: readonly string[] }
}

/** Savings per baseline with what an interval needs. Scans the calls of the range. */
export function readComparisons(db: Db, names: Names, { since, until, except }: ComparisonQuery): Comparison[] {
  const models = (except?.models ?? []).map((model) => names.find(model) ?? -1)
  const rows = db
    .prepare<unknown[], Record<string, number>>(
      `SELECT baseline, sum(n) AS calls, sum(cost) AS cost, sum(base) AS base, count(*) AS clusters, sum((base - cost) * 1.0 * (base - cost)) AS squared
       FROM (SELECT baseline, count(*) AS n, sum(cost_nano) AS cost, sum(baseline_cost_nano) AS base FROM call
             WHERE decided_at >= ? AND decided_at < ? AND baseline IS NOT NULL AND cost_nano IS NOT NULL AND baseline_cost_nano IS NOT NULL
               AND coalesce(model, 0) NOT IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT value FROM json_each(?))
             GROUP BY baseline, coalesce(session, id))
       GROUP BY baseline ORDER BY calls DESC`,
    )
    .all(since ?? 0, until ?? Number.MAX_SAFE_INTEGER, JSON.stringify(models), JSON.stringify(except?.calls ?? []))
  return rows.map((row) => ({
    baseline: names.text(row.baseline ?? 0),
    calls: row.calls ?? 0,
    costNano: row.cost ?? 0,
    baselineCostNano: row.base ?? 0,
    clusters: row.clusters ?? 0,
    squaredSavings: row.squared ?? 0,
  }))
}

/** How many calls have an outcome of each kind recorded in the range; `raised` counts those with a value above zero. */
export function readOutcomeCounts(
  db: Db,
  names: Names,
  { since, until }: TimeRange,
): ReadonlyMap<string, { calls: number; raised: number }> {
  const rows = db
    .prepare<unknown[], { kind: number; calls: number; raised: number }>(
      `SELECT kind, count(DISTINCT call) AS calls, count(DISTINCT CASE WHEN value > 0 THEN call END) AS raised FROM outcome
       WHERE at >= ? AND at < ? GROUP BY kind`,
    )
    .all(since ?? 0, until ?? Number.MAX_SAFE_INTEGER)
  return new Map(rows.map(({ kind, ...counts }) => [names.text(kind), counts]))
}
