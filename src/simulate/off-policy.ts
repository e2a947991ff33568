import type { Nano } from '../kit/index.js'
import type { Plan } from '../policy/index.js'
import type { OffPolicy } from './types.js'

/** Sums over calls whose choice was drawn at random with a known probability: what the other policy costs, judged by such calls alone. */
export interface OffPolicySums {
  calls: number
  explored: number
  weights: number
  squares: number
  weighted: number
  direct: number
  corrections: number
}

export function newOffPolicy(): OffPolicySums {
  return { calls: 0, explored: 0, weights: 0, squares: 0, weighted: 0, direct: 0, corrections: 0 }
}

/** A call's weight is the other policy's probability of the choice that was made, over the probability with which it was made. */
export function addChoice(sums: OffPolicySums, logged: Plan, other: Plan, cost: Nano): void {
  const chosen = logged.steps[0]
  const instead = other.steps[0]
  if (chosen === undefined || instead === undefined || chosen.propensity <= 0 || chosen.cost === null || instead.cost === null) return
  let probability = 0
  let expected = 0
  for (const step of other.steps) {
    if (step.propensity <= 0 || step.cost === null) continue
    if (step.model === chosen.model) probability = step.propensity
    expected += step.propensity * step.cost
  }
  const weight = probability / chosen.propensity
  sums.calls++
  if (chosen.propensity < 1) sums.explored++
  sums.weights += weight
  sums.squares += weight * weight
  sums.weighted += weight * cost
  sums.direct += expected
  sums.corrections += weight * (cost - chosen.cost)
}

/** Null when no choice was left to chance: then nothing was tried that the log's own policy would not have done. */
export function offPolicyOf({ calls, explored, weights, squares, weighted, direct, corrections }: OffPolicySums): OffPolicy | null {
  if (explored === 0) return null
  return {
    calls,
    explored,
    effectiveCalls: squares === 0 ? 0 : weights ** 2 / squares,
    ips: weighted,
    snips: weights === 0 ? null : (weighted / weights) * calls,
    doublyRobust: direct + corrections,
  }
}
