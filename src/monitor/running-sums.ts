import type { Nano } from '../kit/index.js'
import type { Ledger } from '../ledger/index.js'

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
/** Earlier hours of today change only when a long call of theirs ends: they are added up again this often, earlier days once a day. */
const BASE_MS = 60_000
const NOTHING: Sums = { calls: 0, costNano: 0, unpriced: 0, compared: 0, comparedCostNano: 0, baselineCostNano: 0 }

type ByModel = ReadonlyMap<string | null, Sums>

/** What was read at one time and is good until the period it was read for has passed. */
interface Cached<T> {
  readonly key: number
  readonly value: T
}

/** Sums that cost what the present hour holds, however long the ledger is. Live traffic only. */
export function runningSums(ledger: Ledger): (nowMs: number) => SpendNow {
  const byModel = (since: number, until: number): ByModel =>
    new Map(since >= until ? [] : ledger.rollups({ by: ['model'], since, until, source: null }).map((row) => [row.by.model ?? null, row]))
  const before = remembered(byModel)
  const earlier = remembered(byModel)
  const trend = remembered((since: number, until: number) => {
    const hours = new Map(ledger.rollups({ by: ['hour'], since, until, source: null }).map((row) => [row.hourMs, row.costNano]))
    return Array.from({ length: TREND_HOURS - 1 }, (_, at) => hours.get(since + at * HOUR_MS) ?? 0)
  })
  return (nowMs) => {
    const hour = Math.floor(nowMs / HOUR_MS) * HOUR_MS
    const minute = Math.floor(nowMs / BASE_MS)
    const day = Math.min(startOfDay(nowMs), hour)
    const month = startOfMonth(nowMs)
    const present = byModel(hour, Number.MAX_SAFE_INTEGER)
    const today = merge(earlier(minute, day, hour), present)
    const wholeMonth = merge(before(day, month, day), today)
    return {
      today: total(today),
      month: total(wholeMonth),
      byModel: wholeMonth,
      trend: [...trend(minute, hour - (TREND_HOURS - 1) * HOUR_MS, hour), total(present).costNano],
    }
  }
}

/** Reads anew only when the key has changed. */
function remembered<T>(read: (since: number, until: number) => T): (key: number, since: number, until: number) => T {
  let cached: Cached<T> | null = null
  return (key, since, until) => {
    if (cached?.key !== key) cached = { key, value: read(since, until) }
    return cached.value
  }
}

function merge(a: ByModel, b: ByModel): ByModel {
  const sums = new Map(a)
  for (const [model, more] of b) sums.set(model, plus(sums.get(model) ?? NOTHING, more))
  return sums
}

function total(sums: ByModel): Sums {
  return [...sums.values()].reduce(plus, NOTHING)
}

function plus(a: Sums, b: Sums): Sums {
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
