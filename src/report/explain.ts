import { abilityForTask } from '../catalog/index.js'
import { recordHash, usdFromNano } from '../kit/index.js'
import type { CallDetail, Ledger } from '../ledger/index.js'
import {
  type CacheLine,
  type CandidateExplained,
  type DecideInput,
  explainPlan,
  LEAST_SE,
  type ModelState,
  type Strategy,
  type Weights,
  waitOf,
} from '../policy/index.js'
import { type Decision, decisionReader } from './look-at-calls.js'
import { type CallView, callViewer } from './view-call.js'

/** Why a model was chosen, as `explain --json` and `ask --dry-run --json` print it. `Call` is what is known about the call. */
export type Explanation<Call> = Readonly<ReturnType<typeof explain<Call>>>
export type CandidateJson = Readonly<ReturnType<typeof candidateJson>>
export type CacheJson = Readonly<ReturnType<typeof cacheJson>>

export function explain<Call>(call: Call, { input, plan }: Decision) {
  const { strategy, floor } = plan
  const { rule, arm, candidates, cache, runnerUp, chosen, propensity, reason, flip, turnsLeft } = explainPlan(input, plan)
  return {
    call,
    signals: input.signals,
    policy: {
      profile: input.policy.name,
      fingerprint: recordHash(input.policy),
      ...comparedBy(strategy),
      floor,
      rule,
      arm,
    },
    /** How long the call may wait, and who said so; null: it is answered now. */
    deadline: deadlineOf(input),
    /** The plan's order: the chain, other eligible models by score, then vetoed ones. */
    candidates: candidates.map((c) => candidateJson(c, input)),
    chosen,
    /** Probability with which the chosen model would have been first under this policy. */
    propensity,
    reason,
    flip,
    /** Turns that the session was expected to have left, and what staying or switching costs in it; empty for a first turn. */
    turnsLeft,
    cache: cache.map(cacheJson),
    /** Best eligible model that was not chosen. */
    runnerUp,
    /** What this turn did to the session's ladder; null without one. */
    ladder: plan.ladder,
  }
}

/** Why a recorded call was decided as it was, as `explain --json` shows it. Throws E_LEDGER for a damaged row. */
export function explainCall(ledger: Ledger, { call, decision }: CallDetail): Explanation<CallView> {
  return explain(callViewer(ledger)(call), decisionReader(ledger)(decision))
}

function comparedBy(strategy: Strategy): { readonly weights?: Weights; readonly strategy?: string; readonly minQuality?: number } {
  if (strategy.kind === 'weights') return { weights: strategy.weights }
  return strategy.kind === 'cheapest' ? { strategy: strategy.kind, minQuality: strategy.minQuality } : { strategy: strategy.kind }
}

function deadlineOf(input: DecideInput) {
  const { ms, by } = waitOf(input)
  return ms === null || by === null ? null : { ms, by }
}

function candidateJson({ model, cost, horizonCost, latencyUs, ...rest }: CandidateExplained, input: DecideInput) {
  const { quality, scores, score, veto } = rest
  const state = input.models.find(({ rev }) => rev.id === model)
  return {
    model,
    costUsd: usdFromNano(cost),
    /** Expected cost per turn, over this one and those to follow: the score uses it. */
    costPerTurnUsd: usdFromNano(horizonCost),
    /** The client's own credential would pay: the cost is only the provider's list price. */
    costNotional: state?.rev.notional === true,
    latencyMs: latencyUs / 1000,
    quality,
    /** Share of its rate limit that was left, null when unknown: with less than a tenth a model loses up to half a unit of score. */
    quotaLeft: state?.quotaLeft ?? null,
    /** It had been failing: its circuit breaker was open, so the plan was walked past it. */
    resting: state?.breaker === 'open',
    scores,
    /** The catalog prior's share of the ability behind the quality, 0 to 1; the rest was observed here. Null when unknown. */
    priorShare: priorShare(state, input),
    score,
    /** Completes "it ..."; null when the model could serve. */
    veto,
  }
}

/** Observations narrow a Beta posterior: its variance against the prior's is the prior's share of all that is known. */
function priorShare(state: ModelState | undefined, { signals }: DecideInput): number | null {
  if (state === undefined) return null
  const se = Math.max(abilityForTask(state.rev, signals.task, signals.needs.includes('vision')).se, LEAST_SE)
  return Math.min(1, (state.abilitySd / se) ** 2)
}

function cacheJson({ costNow, costCold, costPerTurn, ...line }: CacheLine) {
  return { ...line, costNowUsd: usdFromNano(costNow), costColdUsd: usdFromNano(costCold), costPerTurnUsd: usdFromNano(costPerTurn) }
}
