import { HOUR_MS } from '../kit/index.js'
import type { Ledger } from '../ledger/index.js'
import { type HourlySums, hourlySums, NOTHING, plus, type Sums } from './hourly-sums.js'

export type SpendNow = ReturnType<ReturnType<typeof runningSums>>

const TREND_HOURS = 48
/** Earlier hours of today change only when a long call of theirs ends: they are added up again this often, earlier days once a day. */
const BASE_MS = 60_000

type ByModel = ReadonlyMap<string | null, Sums>

/** A value read once and valid until the period it was read for has passed. */
interface Cached<T> {
  readonly key: number
  readonly value: T
}

/** Totals whose cost depends on the present hour only, however old the ledger is. Live traffic only. */
export function runningSums(ledger: Ledger) {
  const byModel = (since: number, until?: number): ByModel =>
    until !== undefined && since >= until ? new Map() : grouped(hourlySums(ledger, since, until), ({ model }) => model)
  const before = remembered(byModel)
  const earlier = remembered(byModel)
  const trend = remembered((since: number, until: number) => {
    const hours = grouped(hourlySums(ledger, since, until), ({ hourMs }) => hourMs)
    return Array.from({ length: TREND_HOURS - 1 }, (_, at) => hours.get(since + at * HOUR_MS)?.costNano ?? 0)
  })
  return (nowMs: number) => {
    const hour = Math.floor(nowMs / HOUR_MS) * HOUR_MS
    const minute = Math.floor(nowMs / BASE_MS)
    const day = Math.min(startOfDay(nowMs), hour)
    const month = startOfMonth(nowMs)
    const present = byModel(hour)
    const today = merge(earlier(minute, day, hour), present)
    const wholeMonth = merge(before(day, month, day), today)
    return {
      today: total(today),
      month: total(wholeMonth),
      /** This month, by model; null answered nothing. */
      byModel: wholeMonth,
      /** Spend of the last hours, oldest first, the present one last. */
      trend: [...trend(minute, hour - (TREND_HOURS - 1) * HOUR_MS, hour), total(present).costNano],
    }
  }
}

/** Reads again only when the key has changed. */
function remembered<T>(read: (since: number, until: number) => T): (key: number, since: number, until: number) => T {
  let cached: Cached<T> | null = null
  return (key, since, until) => {
    if (cached?.key !== key) cached = { key, value: read(since, until) }
    return cached.value
  }
}

function grouped<K>(rows: readonly HourlySums[], keyOf: (row: HourlySums) => K): ReadonlyMap<K, Sums> {
  const groups = new Map<K, Sums>()
  for (const row of rows) groups.set(keyOf(row), plus(groups.get(keyOf(row)) ?? NOTHING, row.sums))
  return groups
}

function merge(a: ByModel, b: ByModel): ByModel {
  const sums = new Map(a)
  for (const [model, more] of b) sums.set(model, plus(sums.get(model) ?? NOTHING, more))
  return sums
}

function total(sums: ByModel): Sums {
  return [...sums.values()].reduce(plus, NOTHING)
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}

function startOfMonth(ms: number): number {
  const d = new Date(ms)
  return new Date(d.getFullYear(), d.getMonth(), 1).getTime()
}
