import type { Nano } from '../kit/index.js'
import type { SessionShift } from './types.js'

const KEPT = 50

/** What each session comes to on both sides, by the session's number. */
export interface SessionShifts {
  add(session: number, actual: Nano, simulated: Nano, changed: boolean): void
  count(): number
  /** Those that move the result most, biggest first. */
  top(keyOf: (session: number) => string): readonly SessionShift[]
}

export function newSessionShifts(): SessionShifts {
  let actuals = new Float64Array(64)
  let differences = new Float64Array(64)
  let calls = new Uint32Array(64)
  let changes = new Uint32Array(64)
  let end = 0
  let count = 0

  function reach(session: number): void {
    if (session < end) return
    end = session + 1
    if (end <= actuals.length) return
    const size = Math.max(end, actuals.length * 2)
    const [a, d, c, h] = [actuals, differences, calls, changes]
    actuals = new Float64Array(size)
    differences = new Float64Array(size)
    calls = new Uint32Array(size)
    changes = new Uint32Array(size)
    actuals.set(a)
    differences.set(d)
    calls.set(c)
    changes.set(h)
  }

  return {
    add(session, actual, simulated, changed) {
      reach(session)
      if (calls[session] === 0) count++
      calls[session]! += 1
      actuals[session]! += actual
      differences[session]! += simulated - actual
      if (changed) changes[session]! += 1
    },
    count: () => count,
    top(keyOf) {
      const size = (i: number) => Math.abs(differences[i]!)
      let best: number[] = []
      let least = Number.NEGATIVE_INFINITY
      for (let i = 0; i < end; i++) {
        if ((changes[i] === 0 && differences[i] === 0) || size(i) <= least) continue
        best.push(i)
        if (best.length < 4 * KEPT) continue
        best = best.sort((a, b) => size(b) - size(a)).slice(0, KEPT)
        least = size(best[KEPT - 1]!)
      }
      return best
        .sort((a, b) => size(b) - size(a))
        .slice(0, KEPT)
        .map((i) => ({
          session: keyOf(i),
          calls: calls[i]!,
          changed: changes[i]!,
          actualCost: actuals[i]!,
          simulatedCost: actuals[i]! + differences[i]!,
        }))
    },
  }
}
