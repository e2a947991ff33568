import type { Ledger, RollupRow } from '../ledger/index.js'
import { callJson, decisionReader, explain, explanationText } from '../report/index.js'
import type { Feed } from './feed.js'
import type { Palette } from './palette.js'
import { recentCalls } from './recent-calls.js'
import { spanSums } from './savings-of.js'
import { sessionsOf } from './session-lines.js'
import type { ModelLine, Snapshot } from './snapshot.js'
import type { DaemonWatch } from './watch-daemon.js'

const HOUR_MS = 3_600_000
const TREND_HOURS = 48
/** Sums over the month are read again at most this often. */
const SUMS_MS = 1000

interface Sums {
  readonly today: RollupRow
  readonly month: RollupRow
  readonly byModel: readonly RollupRow[]
  readonly trend: readonly number[]
}

export interface FeedParts {
  readonly ledger: Ledger
  readonly watch: DaemonWatch
  readonly palette: Palette
  readonly whatIf: Feed['whatIf']
  now(): number
}

/** The ledger as the monitor sees it: calls by what changed, sums by the hour. */
export function ledgerFeed({ ledger, watch, palette, whatIf, now }: FeedParts): Feed {
  const recent = recentCalls(ledger)
  let sums: Sums | null = null
  let summedAt = Number.NEGATIVE_INFINITY
  let stale = true
  let last: Snapshot | null = null
  let explained: { readonly key: string; readonly lines: readonly string[] } | null = null

  function readSums(nowMs: number): Sums {
    const month = startOfMonth(nowMs)
    const hours = new Map(
      ledger.rollups({ by: ['hour'], since: nowMs - (TREND_HOURS - 1) * HOUR_MS, source: null }).map((row) => [row.hourMs, row.costNano]),
    )
    const first = Math.floor(nowMs / HOUR_MS) - TREND_HOURS + 1
    return {
      today: ledger.spend({ since: startOfDay(nowMs), source: null }),
      month: ledger.spend({ since: month, source: null }),
      byModel: ledger.rollups({ by: ['model'], since: month, source: null }),
      trend: Array.from({ length: TREND_HOURS }, (_, at) => hours.get((first + at) * HOUR_MS) ?? 0),
    }
  }

  return {
    read(): Snapshot {
      const nowMs = now()
      const changed = recent.refresh()
      stale = changed || stale
      const daemon = watch.daemon()
      // Nothing to draw anew but the clock, which shows seconds.
      const idle = !changed && last !== null && Math.floor(last.nowMs / 1000) === Math.floor(nowMs / 1000)
      if (idle && last !== null && (last.daemon === null) === (daemon === null)) return last
      if (sums === null || (stale && nowMs - summedAt >= SUMS_MS)) {
        sums = readSums(nowMs)
        summedAt = nowMs
        stale = false
      }
      const calls = recent.list()
      const overheads = recent.overheads()
      last = {
        nowMs,
        calls,
        today: spanSums(sums.today, calls),
        month: spanSums(sums.month, calls),
        baselines: [
          ...new Set(calls.flatMap(({ baseline, baselineCostNano }) => (baseline === null || baselineCostNano === null ? [] : [baseline]))),
        ],
        callsPerMinute: recent.perMinute(nowMs),
        overhead: { p50Ms: quantile(overheads, 0.5), p95Ms: quantile(overheads, 0.95) },
        models: modelLines(sums.byModel, watch),
        trend: sums.trend,
        sessions: sessionsOf(calls),
        daemon:
          daemon === null
            ? null
            : { url: daemon.url, profile: daemon.status.profile, sandbox: daemon.status.sandbox, pool: daemon.status.pool.length },
      }
      return last
    },
    explain(id, width) {
      const detail = ledger.getCall(id)
      if (detail === null) return ['This call is no longer in the ledger.']
      const key = `${detail.call.id} ${detail.call.status} ${width}`
      if (explained?.key !== key) {
        const explanation = explain<unknown>(callJson(detail.call), decisionReader(ledger)(detail.decision))
        const head = `${detail.call.id} ${detail.call.status}, answered by ${detail.call.model ?? 'no model'}${detail.call.error === null ? '' : `: ${detail.call.error}`}`
        explained = {
          key,
          lines: [
            palette.strong(head),
            '',
            ...explanationText(explanation, { dim: palette.faint, green: palette.good }, width).split('\n'),
          ],
        }
      }
      return explained.lines
    },
    whatIf,
  }
}

/** Models of the daemon's pool in its order, then others that answered this month. */
function modelLines(rows: readonly RollupRow[], watch: DaemonWatch): readonly ModelLine[] {
  const sums = new Map(rows.flatMap((row) => (row.by.model == null ? [] : [[row.by.model, row] as const])))
  const health = watch.health()
  const names = [...new Set([...health.keys(), ...sums.keys()])]
  return names.map((model) => ({
    model,
    calls: sums.get(model)?.calls ?? 0,
    costNano: sums.get(model)?.costNano ?? 0,
    breaker: health.get(model)?.breaker ?? null,
  }))
}

function quantile(ascending: readonly number[], share: number): number | null {
  return ascending.length === 0 ? null : (ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? null)
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}

function startOfMonth(ms: number): number {
  const d = new Date(ms)
  return new Date(d.getFullYear(), d.getMonth(), 1).getTime()
}
