import type { Nano } from '../../kit/index.js'
import type { Names } from '../names.js'
import type { SettledAttempt } from '../packed/settlement.js'

/** Totals of a call over its attempts. Kinds of token that no attempt reported are null. */
export interface AttemptSums {
  /** Attempts to serve the client, and those of them that failed and were followed by another. */
  readonly served: number
  readonly failovers: number
  readonly inputTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWriteTokens: number | null
  readonly outputTokens: number | null
  readonly reasoningTokens: number | null
  readonly shadowCostNano: Nano | null
}

/** Shadow attempts count for their cost only: the call did not need them. */
export function sumAttempts(attempts: readonly SettledAttempt[], names: Names): AttemptSums {
  const sums: { -readonly [K in keyof AttemptSums]: AttemptSums[K] } = {
    served: 0,
    failovers: 0,
    inputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    shadowCostNano: null,
  }
  let lastFailed = false
  for (const a of attempts) {
    const purpose = names.text(a.purpose)
    if (purpose === 'shadow') {
      sums.shadowCostNano = plusKnown(sums.shadowCostNano, a.costNano)
      continue
    }
    sums.inputTokens = plusKnown(sums.inputTokens, a.inputTokens)
    sums.cacheReadTokens = plusKnown(sums.cacheReadTokens, a.cacheReadTokens)
    sums.cacheWriteTokens = plusKnown(plusKnown(sums.cacheWriteTokens, a.cacheWrite5mTokens), a.cacheWrite1hTokens)
    sums.outputTokens = plusKnown(sums.outputTokens, a.outputTokens)
    sums.reasoningTokens = plusKnown(sums.reasoningTokens, a.reasoningTokens)
    if (purpose !== 'serve' && purpose !== 'batch') continue
    sums.served++
    if (lastFailed) sums.failovers++
    const outcome = names.text(a.outcome)
    // What a judge sent back did not fail.
    lastFailed = outcome !== 'ok' && outcome !== 'refused'
  }
  return sums
}

/** A sum to which an unknown part adds nothing; null while all parts are unknown. */
export function plusKnown(total: number | null, value: number | null): number | null {
  return value === null ? total : (total ?? 0) + value
}
