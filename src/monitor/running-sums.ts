import type { Nano } from '../kit/index.js'
import type { Ledger, RollupRow } from '../ledger/index.js'

/** What a span of time adds up to, as far as the monitor shows it. */
export interface Sums {
  readonly calls: number
  readonly costNano: Nano
  readonly unpriced: number
  readonly compared: number
  readonly comparedCostNano: Nano
  readonly baselineCostNano: Nano
}

export interface SpendNow {
  readonly today: Sums
  readonly month: Sums
  /** This month, by model; null answered nothing. */
  readonly byModel: ReadonlyMap<string | null, Sums>
  /** Spend of the last hours, oldest first, the present one last. */
  readonly trend: readonly Nano[]
}

const HOUR_MS = 3_600_000
const TREND_HOURS = 48
/** Earlier hours change only when a long call of theirs ends: they are added up again this often. */
const BASE_MS = 60_000
const NOTHING: Sums = { calls: 0, costNano: 0, unpriced: 0, compared: 0, comparedCostNano: 0, baselineCostNano: 0 }

interface Base extends SpendNow {
  readonly hour: number
  readonly atMs: number
}

/** Sums that cost what the present hour holds, however long the ledger is. Live traffic only. */
export function runningSums(ledger: Ledger): (nowMs: number) => SpendNow {
  let base: Base | null = null
  return (nowMs) => {
    const hour = Math.floor(nowMs / HOUR_MS)
    if (base === null || base.hour !== hour || nowMs - base.atMs > BASE_MS) base = readBase(ledger, nowMs, hour)
    const rows = ledger.rollups({ by: ['model'], since: hour * HOUR_MS, source: null })
    const present = rows.reduce(plus, NOTHING)
    const byModel = new Map(base.byModel)
    for (const row of rows) byModel.set(row.by.model ?? null, plus(byModel.get(row.by.model ?? null) ?? NOTHING, row))
    return { today: plus(base.today, present), month: plus(base.month, present), byModel, trend: [...base.trend, present.costNano] }
  }
}

/** Everything before the present hour. */
function readBase(ledger: Ledger, nowMs: number, hour: number): Base {
  const until = hour * HOUR_MS
  const sumSince = (since: number): Sums => (since >= until ? NOTHING : ledger.spend({ since, until, source: null }))
  const month = startOfMonth(nowMs)
  const models = month >= until ? [] : ledger.rollups({ by: ['model'], since: month, until, source: null })
  const first = hour - TREND_HOURS + 1
  const hours = new Map(
    ledger.rollups({ by: ['hour'], since: first * HOUR_MS, until, source: null }).map((row) => [row.hourMs, row.costNano]),
  )
  return {
    hour,
    atMs: nowMs,
    today: sumSince(startOfDay(nowMs)),
    month: sumSince(month),
    byModel: new Map(models.map((row) => [row.by.model ?? null, row])),
    trend: Array.from({ length: TREND_HOURS - 1 }, (_, at) => hours.get((first + at) * HOUR_MS) ?? 0),
  }
}

function plus(a: Sums, b: Sums | RollupRow): Sums {
  return {
    calls: a.calls + b.calls,
    costNano: a.costNano + b.costNano,
    unpriced: a.unpriced + b.unpriced,
    compared: a.compared + b.compared,
    comparedCostNano: a.comparedCostNano + b.comparedCostNano,
    baselineCostNano: a.baselineCostNano + b.baselineCostNano,
  }
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}

function startOfMonth(ms: number): number {
  const d = new Date(ms)
  return new Date(d.getFullYear(), d.getMonth(), 1).getTime()
}
