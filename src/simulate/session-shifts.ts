import type { Nano } from '../kit/index.js'
import type { Recorded } from './recorded-calls.js'
import type { SessionShift } from './types.js'

const KEPT = 50

/** By what each session changes, by the session's number. */
export function newSessionShifts() {
  let differences = new Float64Array(64)
  let changes = new Uint32Array(64)
  let end = 0

  function reach(session: number): void {
    if (session < end) return
    end = session + 1
    if (end <= changes.length) return
    const size = Math.max(end, changes.length * 2)
    const [d, h] = [differences, changes]
    differences = new Float64Array(size)
    changes = new Uint32Array(size)
    differences.set(d)
    changes.set(h)
  }

  return {
    /** A call of the session costs so much more, nano-USD. */
    add(session: number, more: Nano, changed: boolean): void {
      reach(session)
      differences[session]! += more
      if (changed) changes[session]! += 1
    },
    /** Those that move the result most, biggest first. */
    top(recorded: Recorded, keyOf: (session: number) => string): readonly SessionShift[] {
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
          calls: recorded.calls(i),
          changed: changes[i]!,
          actualCost: recorded.cost(i),
          simulatedCost: recorded.cost(i) + differences[i]!,
        }))
    },
  }
}
