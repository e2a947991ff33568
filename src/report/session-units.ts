import { entry } from '../kit/index.js'
import type { CallRow } from '../ledger/index.js'
import type { Cluster } from './intervals.js'
import type { SeenCall } from './look-at-calls.js'

/**
 * The session that each call varies with. A sub-agent (`SESSION/AGENT`) belongs to its session: they share the task and an experiment's arm,
 * so that an interval over sub-agents by themselves would be too narrow. A call without a session stands alone.
 */
export function sessionUnits(calls: readonly SeenCall[]): (call: CallRow) => string {
  const sessions = new Set(calls.map(({ call }) => call.session))
  return ({ session, id }) => {
    if (session === null) return id
    const whole = session.slice(0, Math.max(0, session.lastIndexOf('/')))
    return sessions.has(whole) ? whole : session
  }
}

/** A value of each call, summed by what `unitOf` groups them by; calls without one are left out. */
export function clustersOf(
  calls: readonly SeenCall[],
  unitOf: (call: CallRow) => string,
  value: (call: CallRow) => number | null,
): readonly Cluster[] {
  const clusters = new Map<string, { sum: number; n: number }>()
  for (const { call } of calls) {
    const own = value(call)
    if (own === null) continue
    const cluster = entry(clusters, unitOf(call), () => ({ sum: 0, n: 0 }))
    cluster.sum += own
    cluster.n++
  }
  return [...clusters.values()]
}
