import { usdFromNano } from '../kit/index.js'
import { hashPolicy, type Step, type Weights } from '../policy/index.js'
import { type Flip, flipOf } from './flip.js'
import type { Decision } from './read-decision.js'

/** Why a model was chosen, as `explain --json` and `ask --dry-run --json` print it. `Call` is what is known of the call. */
export interface Explanation<Call> {
  readonly call: Call
  readonly signals: Decision['input']['signals']
  readonly policy: {
    readonly profile: string
    readonly fingerprint: string
    readonly weights?: Weights
    readonly strategy?: string
    readonly minQuality?: number
    readonly floor: number
    readonly rule: string | null
  }
  /** The plan's order: the chain, other eligible models by score, then vetoed ones. */
  readonly candidates: readonly CandidateJson[]
  readonly chosen: string | null
  /** Probability with which the chosen model would have been first under this policy. */
  readonly propensity: number | null
  readonly reason: string
  readonly flip: Flip | null
}

export interface CandidateJson {
  readonly model: string
  readonly costUsd: number | null
  readonly latencyMs: number
  readonly quality: number
  readonly scores: Step['scores']
  readonly score: number
  /** Completes "it ..."; null when the model could serve. */
  readonly veto: string | null
}

export function explain<Call>(call: Call, { input, plan }: Decision): Explanation<Call> {
  const { strategy, floor, rule } = plan
  const first = plan.chain > 0 ? plan.steps[0] : undefined
  return {
    call,
    signals: input.signals,
    policy: {
      profile: input.policy.name,
      fingerprint: hashPolicy(input.policy),
      ...(strategy.kind === 'weights' ? { weights: strategy.weights } : { strategy: strategy.kind }),
      ...(strategy.kind === 'cheapest' ? { minQuality: strategy.minQuality } : {}),
      floor,
      rule,
    },
    candidates: plan.steps.map(candidate),
    chosen: first?.model ?? null,
    propensity: first?.propensity ?? null,
    reason: plan.reason,
    flip: first === undefined ? null : flipOf(input, plan),
  }
}

function candidate({ model, cost, latencyUs, quality, scores, score, veto }: Step): CandidateJson {
  return { model, costUsd: usdFromNano(cost), latencyMs: latencyUs / 1000, quality, scores, score, veto: veto?.detail ?? null }
}
