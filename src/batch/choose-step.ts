import { withoutTier } from '../catalog/index.js'
import { HOUR_MS } from '../kit/index.js'
import type { BatchLineRow } from '../ledger/index.js'
import { chainOf } from './context.js'

/** The next action for a line. */
type NextStep = { readonly kind: 'batch' | 'live'; readonly step: number; readonly model: string } | { readonly kind: 'over' }

/**
 * What a line does at a step of its plan, or at the first one after it that is not skipped: a batch whose model was already tried live is
 * the same model again. Models that end in `@batch` are asked through their provider's batch API, unless the line has no time for one.
 */
export function nextStep(line: Pick<BatchLineRow, 'chain' | 'live'>, step: number): NextStep {
  const chain = chainOf(line)
  const earlier = new Set(line.live ? [] : chain.slice(0, step).filter((id) => !id.endsWith('@batch')))
  for (let i = step; i < chain.length; i++) {
    const id = chain[i]!
    if (earlier.has(withoutTier(id))) continue
    if (!id.endsWith('@batch')) return { kind: 'live', step: i, model: id }
    return line.live ? { kind: 'live', step: i, model: withoutTier(id) } : { kind: 'batch', step: i, model: id }
  }
  return { kind: 'over' }
}

/** How long before the deadline the remaining lines are sent live: an eighth of the available time, at most an hour. */
export function liveFromMs(createdAt: number, deadlineAt: number): number {
  return deadlineAt - Math.min(HOUR_MS, (deadlineAt - createdAt) / 8)
}
