import type { ModelRev } from '../catalog/types.js'
import type { Signals } from '../classify/types.js'
import type { Nano } from '../kit/index.js'
import type { ResolvedPolicy, Strategy } from './resolved-policy.js'

/** Incremented whenever decide() or fold() may give another result for the same input. */
export const ENGINE = 9

export * from './resolved-policy.js'

/** What is known about one model at the moment of deciding; integers where a replay must be bit-exact. */
export interface ModelState {
  readonly rev: ModelRev
  readonly breaker: 'closed' | 'half-open' | 'open'
  /** Share of the rate limit left, 0..1; null when unknown. */
  readonly quotaLeft: number | null
  /** Expected time to first token for this prompt size, microseconds. */
  readonly ttftUs: number
  /** Expected microseconds per output token. */
  readonly usPerToken: number
  /** Tokens of this model per reference token, learned. */
  readonly tokenizerRatio: number
  /** Expected output tokens for this task, verbosity included, before the request's limit. */
  readonly expectedOut: number
  /** The same for an ordinary turn of such a session, whatever this one is: it prices later turns. `expectedOut` by default. */
  readonly laterOut?: number
  /** Posterior ability for this task, logits. */
  readonly ability: number
  readonly abilitySd: number
}

/** A prefix known to be warm at an account and model. */
export interface Warm {
  readonly account: string
  readonly model: string
  readonly prefix: string
  readonly tokens: number
  readonly untilMs: number
  /** Probability that the provider really reads it, learned from reported cached tokens. */
  readonly hit: number
}

export interface BudgetState {
  readonly scope: string
  readonly spent: Nano
  readonly reserved: Nano
  readonly limit: Nano
}

/** Where a session stands on its ladder, before this turn. */
export interface LadderState {
  readonly rung: number
  /** Decayed points since the last step. */
  readonly evidence: number
  /** Points that the trajectory showed on the last turn: only what exceeds them is new. */
  readonly seen: number
  /** The user's messages so far; a new one starts a new count. */
  readonly userTurns: number
}

/** What this turn did to the ladder; recorded for people and for learning. */
export interface LadderMove extends LadderState {
  readonly moved: -1 | 0 | 1
  /** The evidence in words, strongest first; empty when there is none. */
  readonly why: readonly string[]
}

export interface Endogenous {
  /** For each model that has one: its longest warm ancestor of this request. */
  readonly warm: readonly Warm[]
  readonly ladder: LadderState | null
  /** A tool loop with signed reasoning is open at this model. */
  readonly openLoop: string | null
  /** Model that answered the session's last turn. */
  readonly lastModel: string | null
  /** Session turns so far. */
  readonly turn: number
  /** How many of them went back to a model that the session had left. */
  readonly returns: number
  readonly stickyArm: string | null
  /** Arms of the policy's experiment that its guard has stopped. */
  readonly stoppedArms?: readonly string[]
  readonly budgets: readonly BudgetState[]
}

export interface DecideInput {
  readonly atMs: number
  /** Minutes east of UTC. */
  readonly tzMin: number
  readonly policy: ResolvedPolicy
  readonly signals: Signals
  readonly mode: 'auto' | 'pinned' | 'alias'
  /** The pool model a pinned call named. */
  readonly pinned: string | null
  readonly tier: string | null
  readonly tags: readonly string[]
  readonly client: string
  /** The kind of model needed; an embedding request may only go to an embedding model. */
  readonly kind: ModelRev['kind']
  /** The client's limit on output tokens. */
  readonly limit: number | null
  readonly stream: boolean
  /** The request that goes upstream marks cache breakpoints (the client's own, or the codec's); without them explicit caches are not written. */
  readonly cacheMarks: boolean
  /** How long the call can wait before its rule is considered: the client's deadline, else its profile's. See waitOf(). */
  readonly deadlineMs: number | null
  /** It is the profile's: a rule may say otherwise. */
  readonly deadlineOfProfile?: boolean
  readonly models: readonly ModelState[]
  readonly endogenous: Endogenous
  /** Uniform numbers in [0, 1) by place, see DRAW; missing ones switch off what needs them. */
  readonly draws: readonly number[]
}

/** Places in `draws`: whether to explore, which near-tie to take, the session's place in an experiment, whether to ask the shadow. */
export const DRAW = { explore: 0, pick: 1, arm: 2, shadow: 3 } as const

/** Why a candidate may not serve; `detail` completes "it ..." for people. Vetoes are interned, so equal ones are the same object. */
export interface Veto {
  readonly code:
    | 'need'
    | 'context'
    | 'breaker'
    | 'quota'
    | 'quality'
    | 'rule'
    | 'pinned'
    | 'budget'
    | 'loop'
    | 'unpriced'
    | 'kind'
    | 'ladder'
  readonly detail: string
  /** What the wording depends on: a window in tokens, a need's index in NEEDS, a model's index in the input. */
  readonly about: number
}

/** In the fixed units of docs/policy.md; 0 for unknown values. */
export interface Scores {
  readonly cost: number
  readonly quality: number
  readonly latency: number
  readonly carbon?: number
}

export interface Step {
  readonly model: string
  /** Expected cost of this call, nano-USD; null when unpriced. */
  readonly cost: Nano | null
  /** Expected cost per turn over this turn and those expected to follow if the session stays here; the score uses it. */
  readonly horizonCost: Nano | null
  readonly latencyUs: number
  /** Predicted probability of a good answer, rounded to 1e-6. */
  readonly quality: number
  readonly scores: Scores
  readonly score: number
  readonly veto: Veto | null
  /** Probability with which this step would have been first under this policy. */
  readonly propensity: number
  readonly gate?: { readonly threshold: number; readonly holdMs: number }
}

export interface Plan {
  /** The chain in walking order, then other eligible candidates by score, then vetoed ones. */
  readonly steps: readonly Step[]
  /** How many of the leading steps may be walked; 0 when nothing is eligible. */
  readonly chain: number
  readonly rule: string | null
  /** Arm of the running experiment that this call belongs to. */
  readonly arm: string | null
  /** What this turn did to the session's ladder; null when the ladder is off. */
  readonly ladder: LadderMove | null
  readonly strategy: Strategy
  readonly floor: number
  /** One line of text, as in x-llmroute-reason. */
  readonly reason: string
  /** Clamp of the output limit, when a budget or the model asks for one. */
  readonly clampOutput: number | null
}
