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
  const own = attempts.filter((a) => names.text(a.purpose) !== 'shadow')
  const served = own.filter((a) => ['serve', 'batch'].includes(names.text(a.purpose)))
  return {
    served: served.length,
    // What a judge sent back did not fail.
    failovers: served.slice(0, -1).filter((a) => !['ok', 'refused'].includes(names.text(a.outcome))).length,
    inputTokens: sum(own, (a) => a.inputTokens),
    cacheReadTokens: sum(own, (a) => a.cacheReadTokens),
    cacheWriteTokens: sum(own, (a) => sum([a.cacheWrite5mTokens, a.cacheWrite1hTokens], (n) => n)),
    outputTokens: sum(own, (a) => a.outputTokens),
    reasoningTokens: sum(own, (a) => a.reasoningTokens),
    shadowCostNano: sum(
      attempts.filter((a) => names.text(a.purpose) === 'shadow'),
      (a) => a.costNano,
    ),
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number | null): number | null {
  let total: number | null = null
  for (const item of items) {
    const value = of(item)
    if (value !== null) total = (total ?? 0) + value
  }
  return total
}
