import { LEAST_COST } from './candidate.js'
import { freeTimeUs } from './deadline.js'
import { expectedOutput } from './estimate.js'
import type { Judged } from './score.js'
import type { DecideInput, Step } from './types.js'

/** A step of a plan as evaluated, so that its scores can be recomputed, also under other weights. */
export function judgedStep(step: Step, input: DecideInput): Judged {
  const state = input.models.find((m) => m.rev.id === step.model)!
  const { horizonCost, quality, veto, scores, score } = step
  return {
    state,
    out: expectedOutput(state, input.limit),
    horizonCost,
    lnCost: Math.log(horizonCost === null || horizonCost < LEAST_COST ? LEAST_COST : horizonCost),
    lnLatency: Math.log(Math.max(step.latencyUs, freeTimeUs(input))),
    quality,
    veto,
    scores,
    score,
  }
}
