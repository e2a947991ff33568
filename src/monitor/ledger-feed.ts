import { asFault } from '../kit/index.js'
import type { CallDetail, Ledger } from '../ledger/index.js'
import { explainCall, explanationText } from '../report/index.js'
import type { Feed } from './feed.js'
import { fitLines } from './lines.js'
import type { Palette } from './palette.js'
import { recentCalls } from './recent-calls.js'
import { type ModelLine, type Snapshot, sessionsOf } from './snapshot.js'
import { runningSums, type SpendNow, spanSums } from './spend-sums.js'
import type { DaemonNow } from './watch-daemon.js'

/** Sums are read again at most this often. */
const SUMS_MS = 1000
/** Cells of the label before each fact of an explanation. */
const LABEL = 10

interface FeedParts {
  readonly ledger: Ledger
  readonly daemonNow: () => DaemonNow
  readonly palette: Palette
  readonly whatIf: Feed['whatIf']
  now(): number
}

/** The ledger as the monitor sees it: calls by what changed, sums by the hour. */
export function ledgerFeed({ ledger, daemonNow, palette, whatIf, now }: FeedParts): Feed {
  const recent = recentCalls(ledger)
  const readSums = runningSums(ledger)
  let sums: SpendNow | null = null
  let summedAt = Number.NEGATIVE_INFINITY
  let stale = true
  let last: Snapshot | null = null
  let explained: { readonly key: string; readonly lines: readonly string[] } | null = null

  return {
    read(): Snapshot {
      const nowMs = now()
      const changed = recent.refresh()
      stale = changed || stale
      const { daemon, health } = daemonNow()
      // Nothing to redraw but the clock, which shows seconds.
      const sameSecond = last !== null && Math.floor(last.nowMs / 1000) === Math.floor(nowMs / 1000)
      if (!changed && sameSecond && (last?.daemon === null) === (daemon === null)) return last!
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
        models: modelsOf(sums.byModel, health),
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
      const key = `${id} ${detail.call.status} ${width}`
      if (explained?.key !== key) explained = { key, lines: fitLines(explanationLines(ledger, detail, width, palette), width, LABEL) }
      return explained.lines
    },
    whatIf,
  }
}

function explanationLines(ledger: Ledger, detail: CallDetail, width: number, palette: Palette): readonly string[] {
  const { call } = detail
  const error = call.error === null ? '' : `: ${call.error}`
  const head = palette.strong(`${call.id} ${call.status}, answered by ${call.model ?? 'no model'}${error}`)
  try {
    const explanation = explainCall(ledger, detail)
    return [head, '', ...explanationText(explanation, { paint: { dim: palette.faint, green: palette.good }, width }).split('\n')]
  } catch (failure) {
    // A row of another version is a matter of that call alone.
    return [head, '', asFault(failure).message]
  }
}

/** Models of the daemon's pool in its order, then others that answered this month. */
function modelsOf(sums: SpendNow['byModel'], health: DaemonNow['health']): readonly ModelLine[] {
  const names = [...new Set([...health.keys(), ...sums.keys()])].filter((name) => name !== null)
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
