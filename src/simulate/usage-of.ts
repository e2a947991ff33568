import type { Usage } from '../canonical/index.js'
import type { AttemptRow } from '../ledger/index.js'

/** An attempt's usage, in kinds that can be priced. */
export function usageOf(a: AttemptRow): Usage {
  return {
    input: a.inputTokens,
    cacheRead: a.cacheReadTokens,
    cacheWrite5m: a.cacheWrite5mTokens,
    cacheWrite1h: a.cacheWrite1hTokens,
    output: a.outputTokens,
    reasoning: a.reasoningTokens,
  }
}
