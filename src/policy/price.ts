import type { Rates } from '../catalog/types.js'

/** Rates of one size of prompt: the flat row, or the tier that the prompt falls into. Null rates are unknown. */
export type RateRow = Omit<Rates, 'tiers' | 'perCall'>

/** The last tier whose `above` is below the prompt's tokens replaces the flat rates of the whole call. */
export function ratesFor(rates: Rates, promptTokens: number): RateRow {
  let row: RateRow = rates
  if (rates.tiers !== undefined) for (const tier of rates.tiers) if (promptTokens > tier.above) row = tier
  return row
}
