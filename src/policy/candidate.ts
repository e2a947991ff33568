import type { Nano } from '../kit/index.js'
import type { ModelState, Scores, Step, Veto } from './types.js'

/** A model while it is being judged; becomes a Step of the plan. Local to one decision, hence mutable. */
export interface Candidate {
  /** Place in the input's models. */
  readonly index: number
  readonly state: ModelState
  /** Tokens it is expected to write, limits applied. */
  readonly out: number
  readonly cost: Nano | null
  readonly horizonCost: Nano | null
  readonly latencyUs: number
  readonly quality: number
  veto: Veto | null
  /** Unshifted score, rounded to 1e-9: what candidates are compared by. */
  compared: number
  /** 0 for what the strategy or rule prefers, 1 for what stands behind it. */
  group: number
  scores: Scores
  score: number
  propensity: number
  gate: NonNullable<Step['gate']> | null
}

/** The cost that candidates are compared by, floored at 100 nano-USD so that free models have a logarithm. */
export function comparedCost(c: Candidate): number {
  return c.horizonCost === null || c.horizonCost < 100 ? 100 : c.horizonCost
}
