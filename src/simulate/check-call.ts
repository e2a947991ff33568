import type { Usage } from '../canonical/index.js'
import { costOf, type ModelRev } from '../catalog/index.js'
import type { Nano } from '../kit/index.js'
import type { AttemptRow, ReplayDecided } from '../ledger/index.js'
import { type DecideInput, ENGINE, type Endogenous, isSamePlan, type Plan, stateHash, type Tables } from '../policy/index.js'
import type { LoggedCall } from './logged-call.js'

/** Whether a call's record agrees with itself: compares a decision made again with the recorded one, and the state rebuilt from events with the one it was given. */
export function checkCall({ row, input }: LoggedCall, again: Plan, rebuilt: Endogenous, tables: Tables) {
  return {
    reproduced: isSamePlan(again, input, row.plan) && isInputOf(row, input, again, tables),
    rechained: stateHash(rebuilt) === row.stateHash,
    currentEngine: row.engine === null || row.engine === ENGINE,
  }
}

/** Whether the values that the row repeats from its input agree with it: if not, one of the two was changed. */
function isInputOf(row: ReplayDecided, input: DecideInput, { rule, steps, chain }: Plan, tables: Tables): boolean {
  const { signals, endogenous } = input
  return (
    row.atMs === input.atMs &&
    row.tzMin === input.tzMin &&
    row.mode === input.mode &&
    row.limit === input.limit &&
    row.stream === input.stream &&
    row.client === input.client &&
    row.tier === input.tier &&
    row.task === signals.task &&
    row.complexity === signals.complexity &&
    row.sideKind === signals.sideKind &&
    row.inputTokensEstimate === Math.round(signals.inputTokens) &&
    row.turn === endogenous.turn + 1 &&
    row.rule === rule &&
    // A call that another process left no money for has a plan, and nothing that was chosen.
    (row.chosen === null || (chain > 0 && row.chosen === steps[0]?.model)) &&
    tables.policy(row.policyHash) === input.policy &&
    stateHash(endogenous) === row.stateHash
  )
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

/** Cost of the attempts by the stored rates; null when one is unpriced. Shadow attempts are separate. */
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
