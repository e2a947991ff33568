import { PRIOR_HIT } from '../expect-cost.js'
import type { State } from './state.js'

/** Observations that the prior hit probability counts as. */
const PRIOR_STRENGTH = 4
/** Share of old observations kept at each new one: the last fifty or so matter. */
const KEEP = 0.98

/** Probability that a prefix thought warm is really read, from what the provider has reported at this account and model. Rounded to 1e-6. */
export function hitProbability(state: State, account: string, model: string): number {
  const record = state.hits.get(account)?.get(model)
  if (record === undefined) return PRIOR_HIT
  return Math.round((1e6 * (record.found + PRIOR_HIT * PRIOR_STRENGTH)) / (record.expected + PRIOR_STRENGTH)) / 1e6
}

/** Counts one expectation: `share` of the expected tokens were reported as read from the cache, 0 to 1. */
export function countHit(state: State, account: string, model: string, share: number): void {
  let byModel = state.hits.get(account)
  if (byModel === undefined) {
    byModel = new Map()
    state.hits.set(account, byModel)
  }
  let record = byModel.get(model)
  if (record === undefined) {
    record = { found: 0, expected: 0 }
    byModel.set(model, record)
  }
  record.found = record.found * KEEP + share
  record.expected = record.expected * KEEP + 1
}
