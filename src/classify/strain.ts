import type { Trajectory } from './types.js'

/** How much the session's course raises the difficulty, logits: evidence of failure counts, mere length does not. */
export function strain(t: Trajectory): number {
  let z = 0.35 * Math.min(t.failedChecks, 4) + 0.2 * Math.min(t.toolErrors, 4)
  z += 0.4 * Math.min(Math.max(t.repeatedCalls - 1, 0), 3) + 0.25 * Math.min(Math.max(t.sameFileEdits - 2, 0), 3)
  if (t.userCorrection) z += 0.5
  if (t.userRepeat) z += 0.5
  if (t.checkRecovered) z -= 0.5
  return z
}
