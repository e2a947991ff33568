import { HOUR_MS } from '../kit/index.js'
import type { Comparison, Ledger } from '../ledger/index.js'
import { findNotional, savingsInterval } from '../report/index.js'
import type { CallLine } from './snapshot.js'

export type SpendNow = ReturnType<ReturnType<typeof runningSums>>

const TREND_HOURS = 48
/** Earlier hours of today change only when a long call of theirs ends: they are added up again this often, earlier days once a day. */
const BASE_MS = 60_000

type ByModel = ReadonlyMap<string | null, Sums>

/** Totals whose cost depends on the present hour only, however old the ledger is. Live traffic only. */
export function runningSums(ledger: Ledger) {
  const byModel = (since: number, until?: number): ByModel =>
    until !== undefined && since >= until ? new Map() : grouped(hourlySums(ledger, since, until), ({ model }) => model)
  const before = cachedByKey(byModel)
  const earlier = cachedByKey(byModel)
  const trend = cachedByKey((since: number, until: number) => {
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
function cachedByKey<T>(read: (since: number, until: number) => T): (key: number, since: number, until: number) => T {
  let cached: { readonly key: number; readonly value: T } | null = null
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

const SUMMED = ['calls', 'costNano', 'notionalNano', 'unpriced', 'compared', 'comparedCostNano', 'baselineCostNano'] as const

/** The totals of a time span, as far as the monitor shows them; amounts paid with clients' own credentials are separate, and not compared. */
export type Sums = Readonly<Record<(typeof SUMMED)[number], number>>

interface HourlySums {
  readonly hourMs: number
  /** Null answered nothing. */
  readonly model: string | null
  readonly sums: Sums
}

const NOTHING = Object.fromEntries(SUMMED.map((name) => [name, 0])) as Sums

function hourlySums(ledger: Ledger, since: number, until?: number): readonly HourlySums[] {
  const range = { since, ...(until === undefined ? {} : { until }) }
  const { models, calls } = findNotional(ledger, range)
  const rows = ledger.rollups({ by: ['hour', 'model'], source: null, ...range }).map(({ hourMs, by, ...sums }): HourlySums => {
    const { costNano, ...rest } = { ...NOTHING, calls: sums.calls, unpriced: sums.unpriced, costNano: sums.costNano }
    const model = by.model ?? null
    if (models.has(model ?? '')) return { hourMs: hourMs ?? 0, model, sums: { ...rest, costNano: 0, notionalNano: costNano } }
    const { compared, comparedCostNano, baselineCostNano } = sums
    return { hourMs: hourMs ?? 0, model, sums: { ...rest, costNano, compared, comparedCostNano, baselineCostNano } }
  })
  const unbilled = calls.map(({ decidedAtMs, model, costNano, baselineCostNano }): HourlySums => {
    const cost = costNano ?? 0
    const compared = costNano !== null && baselineCostNano !== null
    const less = compared ? { compared: -1, comparedCostNano: -cost, baselineCostNano: -baselineCostNano } : {}
    return {
      hourMs: Math.floor(decidedAtMs / HOUR_MS) * HOUR_MS,
      model,
      sums: { ...NOTHING, costNano: -cost, notionalNano: cost, ...less },
    }
  })
  return [...rows, ...unbilled]
}

function plus(a: Sums, b: Sums): Sums {
  return Object.fromEntries(SUMMED.map((name) => [name, a[name] + b[name]])) as Sums
}

/** Spend of a time span beside the baseline's cost for the same calls. */
export type SpanSums = Readonly<ReturnType<typeof spanSums>>

/**
 * Sums of a span with the savings' interval. The exact interval needs every call of the span; here the spread between sessions is that of
 * the newest calls, carried over to the span's size, so that it costs nothing to keep on screen.
 */
export function spanSums({ calls, costNano, notionalNano, unpriced, ...sums }: Sums, recent: readonly CallLine[]) {
  const isCompared = sums.compared > 0
  const savings = sums.baselineCostNano - sums.comparedCostNano
  const half = isCompared ? halfWidth(sums.compared, recent) : null
  return {
    calls,
    costNano,
    notionalNano,
    unpriced,
    /** Over the calls that have both costs: baseline minus spend, signed; null when there are none. */
    savingsNano: isCompared ? savings : null,
    savingsLowNano: half === null ? null : savings - half,
    savingsHighNano: half === null ? null : savings + half,
    baselineNano: isCompared ? sums.baselineCostNano : null,
  }
}

function halfWidth(compared: number, recent: readonly CallLine[]): number | null {
  const sample = comparisonOf(recent)
  const interval = savingsInterval(sample)
  if (interval === null) return null
  // A sum over k times as many sessions has √k times the standard error.
  return Math.round(((interval.high - interval.low) / 2) * Math.sqrt(compared / sample.calls))
}

function comparisonOf(calls: readonly CallLine[]): Comparison {
  const bySession = new Map<string, number>()
  let costNano = 0
  let baselineCostNano = 0
  let compared = 0
  for (const { session, id, costNano: cost, costNotional, baselineCostNano: baseline } of calls) {
    if (cost === null || baseline === null || costNotional) continue
    compared++
    costNano += cost
    baselineCostNano += baseline
    const cluster = session ?? id
    bySession.set(cluster, (bySession.get(cluster) ?? 0) + baseline - cost)
  }
  const squaredSavings = [...bySession.values()].reduce((sum, saved) => sum + saved * saved, 0)
  return { baseline: '', calls: compared, costNano, baselineCostNano, clusters: bySession.size, squaredSavings }
}
