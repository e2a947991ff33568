import type { Usage } from '../canonical/index.js'
import { costOf, type ModelRev } from '../catalog/index.js'
import type { Nano } from '../kit/index.js'
import type { AttemptRow, ReplayDecided } from '../ledger/index.js'
import { type DecideInput, ENGINE, type Endogenous, isSamePlan, type Plan, stateHash } from '../policy/index.js'

/** Whether a call's record agrees with itself. */
export interface CheckedCall {
  readonly reproduced: boolean
  readonly rechained: boolean
  readonly currentEngine: boolean
}

/** Compares a decision made again with the recorded one, and the state rebuilt from events with the one it was given. */
export function checkCall(row: ReplayDecided, input: DecideInput, again: Plan, rebuilt: Endogenous): CheckedCall {
  return {
    reproduced: isSamePlan(again, input, row.plan),
    rechained: stateHash(rebuilt) === row.stateHash,
    currentEngine: row.engine === null || row.engine === ENGINE,
  }
}

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

/** What the attempts cost by the stored rates; null when one is unpriced. Shadow attempts are kept apart. */
export function recomputeCost(attempts: readonly AttemptRow[], rev: (hash: string) => ModelRev | undefined): Nano | null {
  let sum = 0
  for (const attempt of attempts) {
    if (attempt.purpose === 'shadow') continue
    if (attempt.usageSource === 'none') {
      if (attempt.costNano === null) return null
      sum += attempt.costNano
      continue
    }
    const cost = costOf(usageOf(attempt), rev(attempt.modelRev)?.rates ?? null)
    if (cost === null) return null
    sum += cost
  }
  return sum
}
