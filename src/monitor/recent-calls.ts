import type { Ledger } from '../ledger/index.js'
import { notionalReader } from '../report/index.js'
import { type CallLine, callLine } from './snapshot.js'

/** More than any screen shows, so that filters and sorts have something to choose from. */
const KEPT = 500
const MINUTE_MS = 60_000

/** The newest calls, kept up to date from what changed. */
export function recentCalls(ledger: Ledger) {
  let afterSeq = 0
  /** By ascending seq: a Map keeps insertion order. */
  const calls = new Map<number, CallLine>()
  const overheads = new Map<number, number>()
  let arrivals: number[] = []
  let sorted: readonly CallLine[] = []

  function keep(line: CallLine): void {
    const known = calls.get(line.seq)
    if (known === undefined) arrivals.push(line.startedAtMs)
    calls.set(line.seq, line)
    if (line.status === 'ok' && line.attempts === 1 && line.latencyMs !== null) {
      const served = ledger.attemptsOf(line.id).find(({ purpose }) => purpose === 'serve')
      if (served?.endMs != null) overheads.set(line.seq, Math.max(0, line.latencyMs - served.endMs))
    }
  }

  function trim(): void {
    for (const seq of calls.keys()) {
      if (calls.size <= KEPT) break
      calls.delete(seq)
      overheads.delete(seq)
    }
  }

  return {
    /** Reads what is new; true when there was anything. */
    refresh(): boolean {
      const running = [...calls.values()].filter(({ status }) => status === 'running').map(({ seq }) => seq)
      const changes = ledger.changes({ afterSeq, running, limit: KEPT })
      if (changes.seq === afterSeq) return false
      afterSeq = changes.seq
      const isNotional = notionalReader(ledger)
      for (const row of changes.calls) keep(callLine(row, isNotional(row)))
      trim()
      sorted = [...calls.values()].sort((a, b) => b.seq - a.seq)
      return true
    },
    /** Newest first. */
    list: () => sorted,
    perMinute(nowMs: number): number {
      arrivals = arrivals.filter((at) => at > nowMs - MINUTE_MS)
      return arrivals.length
    },
    /** Milliseconds that calls spent here rather than at a model: of the newest settled calls, ascending. */
    overheads: () => [...overheads.values()].sort((a, b) => a - b),
  }
}
