import { withoutTier } from '../catalog/index.js'

/** The next action for a line. */
type NextStep = { readonly kind: 'batch' | 'live'; readonly step: number; readonly model: string } | { readonly kind: 'over' }

interface StepState {
  /** Models in the order they are asked; one that ends in `@batch` is asked through its provider's batch API. */
  readonly chain: readonly string[]
  readonly step: number
  /** No batch any more: time is short, or a batch has expired. */
  readonly live: boolean
}

/** A batch whose model was already tried live is the same model again: such steps are skipped. */
export function nextStep({ chain, step, live }: StepState): NextStep {
  const earlier = new Set(live ? [] : chain.slice(0, step).filter((id) => !id.endsWith('@batch')))
  for (let i = step; i < chain.length; i++) {
    const id = chain[i]!
    if (earlier.has(withoutTier(id))) continue
    if (!id.endsWith('@batch')) return { kind: 'live', step: i, model: id }
    return live ? { kind: 'live', step: i, model: withoutTier(id) } : { kind: 'batch', step: i, model: id }
  }
  return { kind: 'over' }
}

/** How long before the deadline the remaining lines are sent live: an eighth of the available time, at most an hour. */
export function liveFromMs(createdAt: number, deadlineAt: number): number {
  return deadlineAt - Math.min(3_600_000, (deadlineAt - createdAt) / 8)
}
