import { type Nano, nanoFromUsd } from '../kit/index.js'
import { upperBound } from './budget.js'
import type { CascadeSettings, DecideInput, Plan } from './types.js'

/**
 * What to reserve before a call is sent: the most that any one model of the chain can cost within the plan's output limit, and for a
 * cascade the two that may both be paid, and their judge. 0 when nothing of the chain has a price.
 */
export function reservationOf(input: DecideInput, plan: Plan): Nano {
  const limit = plan.clampOutput === null ? input.limit : Math.min(input.limit ?? plan.clampOutput, plan.clampOutput)
  const bounds = plan.steps.slice(0, plan.chain).map((step) => {
    const state = input.models.find((m) => m.rev.id === step.model)
    return state === undefined ? 0 : (upperBound(state, input.signals.inputTokens, limit) ?? 0)
  })
  const first = bounds[0] ?? 0
  const rest = Math.max(0, ...bounds.slice(1))
  return plan.steps[0]?.gate === undefined ? Math.max(first, rest) : first + rest + judgeBound(input.policy.cascade)
}

/** The most that judging an answer may cost. */
export function judgeBound({ judge }: CascadeSettings): Nano {
  return judge === undefined ? 0 : nanoFromUsd(judge.maxUsdPerCall)
}
