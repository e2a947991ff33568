import type { Nano } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import { addAt, newColumn, push, quantiles, sorted } from './column.js'
import type { LoggedCall } from './logged-call.js'

/** The recorded side of a call that counts. */
export interface RecordedCall {
  readonly session: number
  readonly actual: Nano
  readonly latencyMs: number | null
}

/** Sums of recorded calls. */
export interface Recorded {
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly sessions: number
  calls(session: number): number
  /** Nano-USD. */
  cost(session: number): Nano
}

/**
 * The recorded side of all calls that count. It is the same for every policy but for the calls that have no result under it, so it is kept
 * once: for a million calls and a sweep it would take three hundred megabytes.
 */
export interface RecordedCalls {
  decided(): void
  settled(call: LoggedCall, end: ReplaySettled): void
  /** Sums of the calls but those left out. */
  without(left: readonly RecordedCall[]): Recorded
}

export function trackRecorded(): RecordedCalls {
  const latencies = newColumn()
  const [calls, costs] = [newColumn(), newColumn()]
  let all: Recorded | null = null

  function sum(left: readonly RecordedCall[]): Recorded {
    const [lessCalls, lessCosts, lessLatencies] = [new Map<number, number>(), new Map<number, Nano>(), newColumn()]
    for (const { session, actual, latencyMs } of left) {
      lessCalls.set(session, (lessCalls.get(session) ?? 0) + 1)
      lessCosts.set(session, (lessCosts.get(session) ?? 0) + actual)
      if (latencyMs !== null) push(lessLatencies, latencyMs)
    }
    const callsOf = (session: number): number => (calls.values[session] ?? 0) - (lessCalls.get(session) ?? 0)
    let sessions = 0
    for (let i = 0; i < calls.length; i++) if (callsOf(i) > 0) sessions++
    const [p50Ms = null, p95Ms = null] = quantiles(remove(sorted(latencies), sorted(lessLatencies)), [0.5, 0.95])
    return { p50Ms, p95Ms, sessions, calls: callsOf, cost: (session) => (costs.values[session] ?? 0) - (lessCosts.get(session) ?? 0) }
  }

  return {
    decided() {},
    settled({ counted, session }, { status, costNano, latencyMs }) {
      if (!counted || status === 'interrupted' || costNano === null) return
      addAt(calls, session, 1)
      addAt(costs, session, costNano)
      if (latencyMs !== null) push(latencies, latencyMs)
    },
    without(left) {
      if (left.length > 0) return sum(left)
      all ??= sum(left)
      return all
    },
  }
}

/** Sorted numbers without those of a second list, each of which is among them. */
function remove(numbers: Float64Array, less: Float64Array): Float64Array {
  if (less.length === 0) return numbers
  let removed = 0
  return numbers.filter((value) => {
    if (less[removed] !== value) return true
    removed++
    return false
  })
}
