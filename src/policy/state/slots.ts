import { PRIOR_HIT } from '../expect-cost.js'
import type { Slot, State } from './state.js'

/** Observations that the prior hit probability counts as. */
const PRIOR_STRENGTH = 4
/** Share of old observations kept at each new one: the last fifty or so matter. */
const KEEP = 0.98

/** The slot of a model at an account; made when it is first asked for. */
export function slotOf(state: State, account: string, model: string): Slot {
  let byModel = state.slots.get(account)
  if (byModel === undefined) {
    byModel = new Map()
    state.slots.set(account, byModel)
  }
  let slot = byModel.get(model)
  if (slot === undefined) {
    slot = { account, model, found: 0, expected: 0 }
    byModel.set(model, slot)
  }
  return slot
}

/** Probability that a prefix believed warm is really read, from what the provider has reported here. Rounded to 1e-6. */
export function hitProbability(slot: Slot): number {
  return Math.round((1e6 * (slot.found + PRIOR_HIT * PRIOR_STRENGTH)) / (slot.expected + PRIOR_STRENGTH)) / 1e6
}

/** Counts one expectation: `share` of the expected tokens were reported as read from the cache, 0 to 1. */
export function countHit(slot: Slot, share: number): void {
  slot.found = slot.found * KEEP + share
  slot.expected = slot.expected * KEEP + 1
}
