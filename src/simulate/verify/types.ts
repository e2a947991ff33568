import type { Nano } from '../../kit/index.js'
import type { Counterfactual } from '../counterfactual.js'

/** A call that another model would have answered, with the prediction of its answer. Costs nano-USD. */
export interface CallToCheck {
  readonly id: string
  readonly seq: number
  /** Messages of its conversation, the envelope counting as one; 0 when unknown. */
  readonly entries: number
  readonly from: string
  readonly to: string
  readonly task: string
  readonly other: Counterfactual
  /** Cost of the predicted answer: its own, and in the prompts of later turns. */
  readonly answerCost: number
  /** Cost of the predicted prompt, cached tokens at their rate. */
  readonly promptCost: number
  /** Tokens of the model that would answer: the prompt as it was recorded, and the answer. */
  readonly promptTokens: number
  readonly answerTokens: number
  /** The same prompt in the reference tokenizer, by the provider's own count. */
  readonly referenceTokens: number
  /** Predicted quality minus that of the recorded model; null when either is unknown. */
  readonly qualityChange: number | null
  /** Standard deviation of the predicted cost. */
  readonly sd: number
}

/** Calls alike in model and uncertainty; some of them are drawn, each with the same probability. */
export interface Stratum {
  readonly name: string
  readonly members: readonly CallToCheck[]
  readonly drawn: number
}

export interface Drawn {
  /** Index into the strata. */
  readonly stratum: number
  readonly call: CallToCheck
}

/** A stratified random sample in an order of which every beginning is one, too. */
export interface Sample {
  readonly strata: readonly Stratum[]
  readonly order: readonly Drawn[]
}

/** How the other model's answer compares with the recorded one, by a judge who read both twice, in either order. */
export type Verdict = 'better' | 'worse' | 'same'

/**
 * The result of sending a call again. `capped`: it could have exceeded the limit and was not sent; `budget`: nor would a configured budget
 * have allowed it.
 */
export type Rerun =
  | {
      readonly kind: 'answered'
      readonly id: string
      /** As reported by the provider; null when it did not. */
      readonly promptTokens: number | null
      readonly answerTokens: number | null
      /** The answer was cut at the limit set for checking. */
      readonly cut: boolean
      readonly costNano: Nano | null
      /** Null when it could not be judged. */
      readonly verdict: Verdict | null
    }
  | { readonly kind: 'failed'; readonly id: string | null; readonly costNano: Nano | null; readonly reason: string }
  | { readonly kind: 'capped' }
  | { readonly kind: 'budget'; readonly reason: string }

export interface Ran extends Drawn {
  readonly result: Extract<Rerun, { readonly kind: 'answered' | 'failed' }>
}
