import type { Nano } from '../kit/index.js'
import { nanoFromUsd } from '../kit/index.js'
import { upperBound } from './budget.js'
import { type DecideInput, DRAW, type Plan } from './types.js'

/**
 * The model to ask for comparison besides the one that serves; null for most calls. `spentToday` is the cost of this profile's shadows
 * since midnight. The limit applies to the upper bound, so that it is never exceeded.
 */
export function shadowOf(input: DecideInput, plan: Plan, spentToday: Nano): string | null {
  const { shadow } = input.policy
  const draw = input.draws[DRAW.shadow]
  if (shadow == null || draw === undefined || draw >= shadow.rate || plan.chain === 0 || input.mode === 'pinned') return null
  const step = plan.steps.find((s) => s.model === shadow.model)
  const state = input.models.find((m) => m.rev.id === shadow.model)
  const able = step !== undefined && (step.veto === null || step.veto.code === 'quality' || step.veto.code === 'rule')
  if (!able || state === undefined || plan.steps[0]!.model === shadow.model) return null
  const bound = upperBound(state, input.signals.inputTokens, input.limit)
  return bound !== null && spentToday + bound <= nanoFromUsd(shadow.maxUsdPerDay) ? shadow.model : null
}
