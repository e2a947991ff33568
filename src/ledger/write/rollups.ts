import { HOUR_MS, type Nano } from '../../kit/index.js'
import { columnOf } from '../columns.js'
import type { Db } from '../database/native.js'
import type { Names } from '../names.js'
import type { CallSettle, CallStatus } from '../types.js'
import type { AttemptSums } from './sum-attempts.js'

/** Ratio of one latency bucket's bounds: quantiles are right to 2.5%. */
const BUCKET = Math.log(1.05)

/** What the sums of an hour are kept apart by: columns of calls, too. */
export const DIMENSIONS = ['source', 'model', 'task', 'complexity', 'profile', 'rule', 'client', 'key'] as const
/** Those of one call: numbers of names, 0 for none, and the time that its hour is of. */
export interface Dimensions extends Readonly<Record<(typeof DIMENSIONS)[number], number>> {
  readonly decidedAt: number
}

/** What one settled call adds to the sums of its hour. */
export interface RollupEntry extends Pick<CallSettle, 'costNano' | 'baselineCostNano' | 'latencyMs' | 'ttftMs'> {
  readonly dimensions: Dimensions
  readonly status: Exclude<CallStatus, 'running'>
  readonly sums: AttemptSums
}

/** The sums by the names that readers give them, in the order in which `add` lists them. */
export const SUMS = [
  ...['calls', 'ok', 'errors', 'cancelled', 'interrupted', 'attempts', 'failovers', 'unpriced'],
  // Calls whose cost and baseline cost are both known are `compared`, with two sums over just those: savings are their difference, signed.
  ...['costNano', 'shadowCostNano', 'compared', 'comparedCostNano', 'baselineCostNano'],
  ...['inputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'outputTokens', 'reasoningTokens'],
  // Milliseconds, over calls; `ttftCalls` is over how many.
  ...['latencyMs', 'ttftMs', 'ttftCalls'],
] as const

/** Columns that identify what a row sums up. */
const KEYS = ['hour', ...DIMENSIONS]

export function prepareRollups(db: Db, names: Names) {
  const sumColumns = SUMS.map((name) => columnOf(name))
  const columns = [...KEYS, ...sumColumns]
  const upsert = db.prepare(
    `INSERT INTO rollup(${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${sumColumns.map((c) => `${c} = ${c} + excluded.${c}`).join(', ')}`,
  )
  const count = db.prepare(
    'INSERT INTO latency(hour, model, metric, bucket, calls) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET calls = calls + excluded.calls',
  )

  const addShadow = db.prepare(
    `UPDATE rollup SET shadow_cost_nano = shadow_cost_nano + ? WHERE ${KEYS.map((column) => `${column} = ?`).join(' AND ')}`,
  )

  let sums = new Map<string, number[]>()
  let latencies = new Map<string, number[]>()

  /** Adds a settled call to the sums of its hour. Call inside the transaction that settles it. */
  function add(e: RollupEntry): void {
    const { dimensions, sums: s } = e
    const compared = e.costNano !== null && e.baselineCostNano !== null
    const is = (status: RollupEntry['status']) => (e.status === status ? 1 : 0)
    const row = keysOf(dimensions)
    const [hour = 0] = row
    const key = row.join()
    row.push(1, is('ok'), is('error'), is('cancelled'), is('interrupted'), s.served, s.failovers, e.costNano === null ? 1 : 0)
    row.push(
      e.costNano ?? 0,
      s.shadowCostNano ?? 0,
      compared ? 1 : 0,
      compared ? (e.costNano ?? 0) : 0,
      compared ? (e.baselineCostNano ?? 0) : 0,
    )
    row.push(s.inputTokens ?? 0, s.cacheReadTokens ?? 0, s.cacheWriteTokens ?? 0, s.outputTokens ?? 0, s.reasoningTokens ?? 0)
    row.push(e.latencyMs ?? 0, e.ttftMs ?? 0, e.ttftMs === null ? 0 : 1)
    const earlier = sums.get(key)
    if (earlier === undefined) sums.set(key, row)
    else for (let i = KEYS.length; i < row.length; i++) earlier[i] = (earlier[i] ?? 0) + (row[i] ?? 0)
    if (e.status !== 'ok') return
    if (e.latencyMs !== null) countLatency(hour, dimensions.model, names.id('latency'), latencyBucket(e.latencyMs))
    if (e.ttftMs !== null) countLatency(hour, dimensions.model, names.id('ttft'), latencyBucket(e.ttftMs))
  }

  function countLatency(...bucket: readonly [hour: number, model: number, metric: number, bucket: number]): void {
    const key = bucket.join()
    const row = latencies.get(key)
    if (row === undefined) latencies.set(key, [...bucket, 1])
    else row[4] = (row[4] ?? 0) + 1
  }

  /** Forgets the calls of a transaction that was rolled back. */
  function forget(): void {
    if (sums.size > 0) sums = new Map()
    if (latencies.size > 0) latencies = new Map()
  }

  return {
    add,
    forget,
    /** Writes the sums of this transaction's calls: one write per combination of dimensions. */
    beforeCommit() {
      for (const row of sums.values()) upsert.run(row)
      for (const row of latencies.values()) count.run(row)
      forget()
    },
    /** Adds the cost of a shadow attempt that ended after its call. */
    addShadow: (dimensions: Dimensions, costNano: Nano) => addShadow.run(costNano, ...keysOf(dimensions)),
  }
}

function keysOf(dimensions: Dimensions): number[] {
  const keys = [Math.floor(dimensions.decidedAt / HOUR_MS)]
  for (const name of DIMENSIONS) keys.push(dimensions[name])
  return keys
}

/** Bucket of a latency; everything below 0.1 ms is counted as 0.1 ms. */
function latencyBucket(ms: number): number {
  return Math.floor(Math.log(Math.max(ms, 0.1)) / BUCKET)
}

/** The middle of a bucket, milliseconds. */
export function bucketMs(bucket: number): number {
  return Math.exp((bucket + 0.5) * BUCKET)
}
