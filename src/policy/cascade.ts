import { judgeBound, leftOf, upperBound } from './budget.js'
import { BEHIND, type Candidate } from './candidate.js'
import type { DecideInput } from './types.js'

/** Expected cost of trying `cheap` first and `strong` when the judge sends its answer back. */
function pairCost(cheap: Candidate, strong: Candidate): number {
  return cheap.comparedCost + (1 - cheap.quality) * strong.comparedCost
}

/** Whether a budget covers the cheap answer, the dearest that may follow it and the judge, at their highest price. */
function isAffordable(cheap: Candidate, others: readonly Candidate[], { policy, endogenous, signals, limit }: DecideInput): boolean {
  if (endogenous.budgets.length === 0 || policy.limits.budgetAction === 'warn') return true
  const bound = (c: Candidate): number => upperBound(c.state, signals.inputTokens, limit) ?? 0
  return bound(cheap) + Math.max(...others.map(bound)) + judgeBound(policy.cascade) <= leftOf(endogenous.budgets)
}

/**
 * Puts a cheaper model with a judge's gate in front of the winner when the pair is expected to cost less than the winner alone.
 * Candidates that only the quality floor rules out may go first here, since a poor answer is sent back. Returns true when it did.
 */
export function cascade(ordered: Candidate[], ruledOut: readonly Candidate[], input: DecideInput): boolean {
  const { enabled, threshold, holdMs } = input.policy.cascade
  const winner = ordered[0]
  if (!enabled || input.policy.chainLength < 2 || winner === undefined || winner.horizonCost === null || input.mode === 'pinned')
    return false
  if ((input.stream && holdMs <= 0) || input.endogenous.openLoop !== null || winner.group !== 0) return false
  let best: Candidate | null = null
  for (const c of [...ordered, ...ruledOut]) {
    const weakOnly = c.veto === null || c.veto.code === 'quality'
    if (!weakOnly || c.group >= BEHIND || c.horizonCost === null || c.quality >= winner.quality) continue
    if (pairCost(c, winner) < (best === null ? winner.comparedCost : pairCost(best, winner))) best = c
  }
  if (best === null) return false
  const others = ordered.filter((c) => c !== best)
  if (!isAffordable(best, others.slice(0, input.policy.chainLength - 1), input)) return false
  best.veto = null
  best.gate = { threshold, holdMs }
  best.propensity = winner.propensity
  winner.propensity = 0
  ordered.splice(0, ordered.length, best, ...others)
  return true
}
