import { applyBudget } from './budget.js'
import { BEHIND, type Candidate, modelOf } from './candidate.js'
import { cascade } from './cascade.js'
import { estimate } from './estimate.js'
import { explore } from './explore.js'
import { climbLadder, moveLadder } from './ladder.js'
import { compareCandidates, insertInOrder, rank } from './rank.js'
import { type Route, resolveRoute } from './resolve-route.js'
import { passOver, ruleOut, ruleOutWeak } from './rule-out.js'
import { showScores } from './score.js'
import type { DecideInput, Plan, Step } from './types.js'
import { writeReason } from './write-reason.js'

function setGroups(candidates: readonly Candidate[], input: DecideInput, route: Route): void {
  const wanted = input.pinned !== null ? [input.pinned] : route.models
  if (wanted === null) return
  for (const c of candidates) c.group = wanted.includes(modelOf(c.state.rev)) ? 0 : BEHIND
}

function toStep(c: Candidate): Step {
  const step: Step = {
    model: c.state.rev.id,
    cost: c.cost,
    horizonCost: c.horizonCost,
    latencyUs: c.latencyUs,
    quality: c.quality,
    scores: c.scores,
    score: c.score,
    veto: c.veto,
    propensity: c.propensity,
  }
  return c.gate === undefined ? step : { ...step, gate: c.gate }
}

/** Not with map(), whose lists change their kind once it is compiled: everything that reads a plan would be compiled a second time. */
function toSteps(candidates: readonly Candidate[]): readonly Step[] {
  const steps: Step[] = []
  for (const c of candidates) steps.push(toStep(c))
  return steps
}

/** A plan without display fields: all scores are 0 and the reason is empty. Order and numbers are those of decide(). */
export function decidePlain(input: DecideInput): Plan {
  return judge(input, false)
}

/**
 * Chooses: every configured model judged, the able ones in order of preference, the first few as the chain to walk.
 * Pure: the same input gives the same plan, bit for bit. A plan with `chain` 0 has no candidate; see noCandidate().
 */
export function decide(input: DecideInput): Plan {
  const plan = judge(input, true)
  plan.reason = writeReason(input, plan)
  return plan
}

function judge(input: DecideInput, scored: boolean): Omit<Plan, 'reason'> & { reason: string } {
  const { policy, pinned } = input
  const route = resolveRoute(input)
  const ladder = moveLadder(input)
  const candidates = estimate(input)
  setGroups(candidates, input, route)
  ruleOut(candidates, input, route)
  const clamps = applyBudget(candidates, input)
  passOver(candidates, input, route)
  if (ladder !== null) climbLadder(ladder.rung, candidates, input, route)
  ruleOutWeak(candidates, route, pinned)
  rank(candidates, route.strategy, pinned)
  if (policy.limits.budgetAction === 'block') blockIfFirstIsTooDear(candidates)

  const eligible: Candidate[] = []
  const out: Candidate[] = []
  for (const c of candidates) insertInOrder(c.veto === null ? eligible : out, c)
  explore(eligible, input, pinned === null && route.models === null && input.endogenous.openLoop === null)
  const cascaded = policy.cascade.enabled && cascade(eligible, out, input)
  if (!cascaded) spreadProviders(eligible)
  if (scored) showScores(candidates, route.strategy)

  const chain = Math.min(policy.chainLength, eligible.length)
  let clampOutput: number | null = null
  for (let i = 0; clamps !== null && i < chain; i++) {
    const clamp = clamps.get(eligible[i]!.index)
    if (clamp !== undefined && (clampOutput === null || clamp < clampOutput)) clampOutput = clamp
  }
  for (const c of out) if (c.veto !== null) eligible.push(c)
  return {
    // A replay makes tens of millions of plans, so it is given the candidates themselves.
    steps: scored ? toSteps(eligible) : eligible,
    chain,
    rule: route.rule,
    arm: route.arm,
    ladder,
    strategy: route.strategy,
    floor: route.floor,
    clampOutput,
    reason: '',
  }
}

/** `block` refuses the call when the model that would have been chosen is over the budget, rather than looking for a cheaper one. */
function blockIfFirstIsTooDear(candidates: readonly Candidate[]): void {
  const inReach = candidates.filter((c) => c.veto === null || c.veto.code === 'budget').sort(compareCandidates)
  const veto = inReach[0]?.veto
  if (veto == null) return
  for (const c of inReach) c.veto = veto
}

/** Reorders the eligible candidates so that the first fallback is on another provider than the winner, when there is one. */
function spreadProviders(ordered: Candidate[]): void {
  const first = ordered[0]
  if (first === undefined) return
  const at = ordered.findIndex((c) => c.state.rev.provider !== first.state.rev.provider)
  if (at <= 1) return
  const [other] = ordered.splice(at, 1)
  ordered.splice(1, 0, other!)
}
