import type { Nano } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import { addAt, newColumn, push, quantiles, sorted } from './column.js'
import type { LoggedCall } from './logged-call.js'

type Recording = ReturnType<typeof newRecording>

/** What calls cost, nano-USD, and how many there are, by session; and the milliseconds that each took, where known. */
export function newRecording() {
  return { calls: newColumn(), costs: newColumn(), latencies: newColumn() }
}

export function record({ calls, costs, latencies }: Recording, session: number, cost: Nano, latencyMs: number | null): void {
  addAt(calls, session, 1)
  addAt(costs, session, cost)
  if (latencyMs !== null) push(latencies, latencyMs)
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
export function trackRecorded() {
  const recording = newRecording()
  const { calls, costs, latencies } = recording
  let all: Recorded | null = null

  function sum(left: Recording): Recorded {
    const callsOf = (session: number): number => (calls.values[session] ?? 0) - (left.calls.values[session] ?? 0)
    let sessions = 0
    for (let i = 0; i < calls.length; i++) if (callsOf(i) > 0) sessions++
    const [p50Ms = null, p95Ms = null] = quantiles(remove(sorted(latencies), sorted(left.latencies)), [0.5, 0.95])
    return { p50Ms, p95Ms, sessions, calls: callsOf, cost: (session) => (costs.values[session] ?? 0) - (left.costs.values[session] ?? 0) }
  }

  return {
    decided() {},
    settled({ counted, session }: LoggedCall, { status, costNano, latencyMs }: ReplaySettled): void {
      if (counted && status !== 'interrupted' && costNano !== null) record(recording, session, costNano, latencyMs)
    },
    /** Sums of the calls but those left out. */
    without(left: Recording): Recorded {
      if (left.calls.length > 0) return sum(left)
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
