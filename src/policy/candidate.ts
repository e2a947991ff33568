import type { ModelRev } from '../catalog/types.js'
import type { ModelState, Scores, Step, Veto } from './types.js'

/** A model during evaluation: a step of the plan in the making, with what it is compared by. Local to one decision, hence mutable. */
export interface Candidate extends Step {
  /** Place in the input's models. */
  readonly index: number
  readonly state: ModelState
  /** Tokens it is expected to write, limits applied. */
  readonly out: number
  /** The cost that candidates are compared by: over the horizon, floored at 100 nano-USD so that free models have a logarithm. */
  readonly comparedCost: number
  readonly lnCost: number
  readonly lnLatency: number
  veto: Veto | null
  /** Unshifted score, rounded to 1e-9: what candidates are compared by. */
  compared: number
  /** 0 for what the strategy or rule prefers, 1 and more for fallbacks. */
  group: number
  scores: Scores
  score: number
  propensity: number
  gate?: NonNullable<Step['gate']>
}

/** Cost floor of the comparison, nano-USD. */
export const LEAST_COST = 100

/** Group of candidates that a rule or a pinned name did not ask for; within those that were, a strategy may put 1 behind 0. */
export const BEHIND = 2

/** The model's id for rules, pins and loops, the same for all its service tiers. */
export function modelOf({ id, of }: ModelRev): string {
  return of ?? id
}
