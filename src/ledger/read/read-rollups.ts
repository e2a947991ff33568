import { entry, HOUR_MS } from '../../kit/index.js'
import { columnOf } from '../columns.js'
import type { Db } from '../database/native.js'
import type { Names } from '../names.js'
import type { Quantiles, RollupDimension, RollupQuery, RollupRow, TimeRange } from '../rows.js'
import { bucketMs, SUMS } from '../write/rollups.js'

/** Sums of settled calls per group, from the hourly table: `since` and `until` are rounded outwards to whole hours. */
export function readRollups(db: Db, names: Names, query: RollupQuery): RollupRow[] {
  const { condition, values } = hours(query)
  const where = [condition]
  if (query.source !== undefined) {
    where.push('source = ?')
    values.push(query.source === null ? 0 : (names.find(query.source) ?? -1))
  }
  if (query.except !== undefined) {
    where.push('source <> ?')
    values.push(names.find(query.except) ?? -1)
  }
  const sums = SUMS.map((name) => `coalesce(sum(${columnOf(name)}), 0) AS ${name}`)
  const by = query.by.map((d) => `${d} AS by_${d}`)
  const group = query.by.length === 0 ? '' : `GROUP BY ${query.by.join(', ')} ORDER BY ${query.by.join(', ')}`
  const rows = db.prepare(`SELECT ${[...by, ...sums].join(', ')} FROM rollup WHERE ${where.join(' AND ')} ${group}`).all(...values)
  return rows.map((row) => rollupFromRow(row as Record<string, number>, query.by, names))
}

function rollupFromRow(row: Record<string, number>, by: readonly RollupDimension[], names: Names): RollupRow {
  const words = by.filter((d) => d !== 'hour').map((d) => [d, names.textOrNull(row[`by_${d}`] ?? 0)])
  const sums = Object.fromEntries(SUMS.map((name) => [name, row[name]]))
  const hour = row.by_hour
  return { ...sums, by: Object.fromEntries(words), hourMs: hour === undefined ? null : hour * HOUR_MS } as unknown as RollupRow
}

function hours(range: TimeRange): { condition: string; values: number[] } {
  const since = range.since === undefined ? -1 : Math.floor(range.since / HOUR_MS)
  const until = range.until === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(range.until / HOUR_MS)
  return { condition: 'hour >= ? AND hour < ?', values: [since, until] }
}

export interface LatencyQuery extends TimeRange {
  readonly metric: 'latency' | 'ttft'
}

/** Median and 95th percentile of successful calls per model, right to 2.5%; the key `*` is all models together. */
export function readLatencies(db: Db, names: Names, query: LatencyQuery): Map<string, Quantiles> {
  const { condition, values } = hours(query)
  const rows = db
    .prepare<unknown[], { model: number; bucket: number; calls: number }>(
      `SELECT model, bucket, sum(calls) AS calls FROM latency WHERE ${condition} AND metric = ? GROUP BY bucket, model ORDER BY bucket`,
    )
    .all(...values, names.find(query.metric) ?? -1)
  const groups = new Map<string, { bucket: number; calls: number }[]>()
  for (const row of rows) {
    for (const key of ['*', names.textOrNull(row.model) ?? '']) entry(groups, key, () => []).push(row)
  }
  return new Map([...groups].map(([key, list]) => [key, quantiles(list)]))
}

function quantiles(sorted: readonly { readonly bucket: number; readonly calls: number }[]): Quantiles {
  const calls = sorted.reduce((n, row) => n + row.calls, 0)
  const at = (share: number) => {
    let seen = 0
    for (const row of sorted) {
      seen += row.calls
      if (seen >= share * calls) return bucketMs(row.bucket)
    }
    return 0
  }
  return { calls, p50Ms: at(0.5), p95Ms: at(0.95) }
}
