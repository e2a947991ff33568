import { deepFreeze } from './deep-freeze.js'
import type { ModelRev, Tier } from './types.js'

/** Marks a model's slower and cheaper services in its id: `openai/gpt-5-mini@batch`. */
const MARK = /@(batch|flex)$/

/** The id of the model whose service this is. */
export function withoutTier(id: string): string {
  return id.replace(MARK, '')
}

/** The same model at the rates and expected speed of one of its tiers; null when its provider sells none, or not at a known price. */
export function tierOf(rev: ModelRev, tier: Tier, expectedMs: number): ModelRev | null {
  const rates = tier === 'batch' ? rev.batchRates : rev.flexRates
  if (rates === null || rev.tier !== undefined) return null
  return deepFreeze({
    ...rev,
    id: `${rev.id}@${tier}`,
    tier,
    of: rev.id,
    rates,
    batchRates: null,
    flexRates: null,
    speed: { ...rev.speed, ttftMs: expectedMs },
    // Nothing is promised of when, and so with which cache, it runs.
    cache: tier === 'batch' ? { ...rev.cache, mode: 'none' } : rev.cache,
  })
}

/** The model as a call is priced that asks for its provider's fast mode; null where that is none, or not at a known price. */
export function fastOf({ fastRates: rates, ...rev }: ModelRev): ModelRev | null {
  return rates === undefined ? null : deepFreeze({ ...rev, rates, fast: true })
}
