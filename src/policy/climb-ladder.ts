import type { Candidate } from './candidate.js'
import { estimate } from './estimate.js'
import { outlookOf } from './expect-cost.js'
import { compareCandidates, rank } from './rank.js'
import type { Route } from './resolve-route.js'
import { ruleOutWeak } from './rule-out.js'
import type { DecideInput } from './types.js'
import { vetoOf } from './veto.js'

/**
 * The ability that a rung requires. Rung 0 is what the policy prefers with cold caches (otherwise the model climbed to would become the new
 * base); each higher rung is the next stronger model for which no other is both stronger and cheaper.
 */
function abilityOfRung(rung: number, candidates: readonly Candidate[], input: DecideInput, route: Route): number | null {
  const cold = estimate(input, { ...outlookOf(input), cacheAware: false, turnsLeft: 0 })
  for (let i = 0; i < cold.length; i++) {
    cold[i]!.veto = candidates[i]!.veto
    cold[i]!.group = candidates[i]!.group
  }
  ruleOutWeak(cold, route, input.pinned)
  rank(cold, route.strategy, input.pinned)
  const eligible = cold.filter((c) => c.veto === null).sort(compareCandidates)
  const ground = eligible[0]
  if (ground === undefined) return null
  const able = cold.filter((c) => candidates[c.index]!.veto === null)
  const above = able
    .filter((c) => c.state.ability > ground.state.ability)
    .filter((c) => !able.some((o) => o.state.ability > c.state.ability && o.comparedCost <= c.comparedCost))
    .map((c) => c.state.ability)
    .sort((a, b) => a - b)
  return above[Math.min(rung, above.length) - 1] ?? null
}

/** Vetoes models weaker than the session's rung requires. */
export function climbLadder(rung: number, candidates: readonly Candidate[], input: DecideInput, route: Route): void {
  if (rung <= 0) return
  const least = abilityOfRung(rung, candidates, input, route)
  if (least === null) return
  for (const c of candidates) if (c.veto === null && c.state.ability < least) c.veto = vetoOf('ladder')
}
