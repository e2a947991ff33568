import { totalInput } from '../canonical/index.js'
import type { AttemptRow } from '../ledger/index.js'

/** All prompt tokens of an attempt, cached ones included; null when none were counted. */
export function promptTokens(a: AttemptRow): number | null {
  return totalInput({
    input: a.inputTokens,
    cacheRead: a.cacheReadTokens,
    cacheWrite5m: a.cacheWrite5mTokens,
    cacheWrite1h: a.cacheWrite1hTokens,
    output: null,
    reasoning: null,
  })
}
