import { expectedOutput, warmAt } from './estimate.js'
import { cacheable, expectedCost, outlookOf } from './expect-cost.js'
import { findFlip } from './find-flip.js'
import type { DecideInput, Plan, Step } from './types.js'

export interface CandidateExplained extends Omit<Step, 'veto' | 'gate'> {
  /** Completes the sentence "it ...", null when it could serve. */
  readonly veto: string | null
}

/** What staying with a model costs against switching to it: nano-USD of the prompt and answer of this call. */
export type CacheLine = ReturnType<typeof cacheLines>[number]

function cacheLines(input: DecideInput, plan: Plan) {
  const { endogenous, atMs } = input
  const outlook = outlookOf(input)
  return plan.steps.flatMap((step) => {
    const state = input.models.find((m) => m.rev.id === step.model)
    const warm = state === undefined ? null : warmAt(endogenous.warm, state.rev)
    if (state === undefined || (warm === null && step.veto !== null)) return []
    const cold = expectedCost(state, expectedOutput(state, input.limit), null, atMs, outlook)
    const tokens = warm === null || warm.untilMs <= atMs ? 0 : Math.round(warm.tokens * state.tokenizerRatio)
    // A prompt shorter than the provider's minimum is never cached, however often it was sent.
    const warmTokens = cacheable(tokens, state.rev.cache) === 0 ? 0 : tokens
    return [
      {
        model: step.model,
        role: step.model === endogenous.lastModel ? ('stay' as const) : ('switch' as const),
        /** Prompt tokens expected to be read from its cache, and with which probability. */
        warmTokens,
        hit: warm !== null && warmTokens > 0 ? warm.hit : null,
        costNow: step.cost,
        /** What the call would cost there without a warm cache: the price of a switch, and the saving of staying. */
        costCold: cold.cost,
        /** A turn, on average over those that are expected to follow. */
        costPerTurn: step.horizonCost,
      },
    ]
  })
}

/** Everything that `explain` shows of a decision, from its record alone. The cache ledger is empty until a session has been answered once. */
export function explainPlan(input: DecideInput, plan: Plan) {
  const eligible = plan.steps.filter((s) => s.veto === null)
  const first = plan.chain > 0 ? (plan.steps[0] ?? null) : null
  const runnerUp = eligible.filter((s) => s !== first).sort((a, b) => b.score - a.score)[0] ?? null
  return {
    chosen: first?.model ?? null,
    candidates: plan.steps.map(({ veto, gate: _gate, ...numbers }): CandidateExplained => ({ ...numbers, veto: veto?.detail ?? null })),
    rule: plan.rule,
    arm: plan.arm,
    reason: plan.reason,
    propensity: first?.propensity ?? 0,
    /** Best eligible model that was not chosen. */
    runnerUp: runnerUp?.model ?? null,
    flip: first === null || runnerUp === null ? null : findFlip(input, plan, runnerUp.model),
    turnsLeft: outlookOf(input).turnsLeft,
    cache: input.endogenous.lastModel === null ? [] : cacheLines(input, plan),
  }
}
