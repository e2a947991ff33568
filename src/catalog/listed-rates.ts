import type { ModelPrice } from '@pydantic/genai-prices'
import { type PriceSpec, ratesFromPrice } from './rates.js'
import type { Rates } from './types.js'

type Listed = ModelPrice[string]

/** One row of the price list (USD per million tokens, some with tiers) as a rate row. */
export function listedRates(price: ModelPrice): Rates {
  const borders = new Set<number>()
  for (const value of Object.values(price)) if (typeof value === 'object') for (const tier of value.tiers) borders.add(tier.start)
  const tiers = [...borders].map((above) => ({ above, ...pricesAt(price, above) }))
  const perCall = at(price.requests_kcount, 0)
  return ratesFromPrice({
    ...pricesAt(price, 0),
    ...(perCall === undefined ? {} : { perCall: perCall / 1000 }),
    ...(tiers.length > 0 ? { tiers } : {}),
  })
}

function pricesAt(price: ModelPrice, above: number): Omit<PriceSpec, 'tiers' | 'perCall'> {
  return {
    input: at(price.input_mtok, above) ?? null,
    output: at(price.output_mtok, above) ?? (price.input_mtok === undefined ? null : 0),
    cacheRead: at(price.cache_read_mtok, above),
    cacheWrite: at(price.cache_write_mtok, above),
    cacheWrite1h: at(price.cache_write_1h_mtok, above),
    reasoning: at(price.output_reasoning_mtok, above),
  }
}

/** The value for a prompt just longer than `above` tokens. */
function at(listed: Listed, above: number): number | undefined {
  if (typeof listed !== 'object') return listed
  return listed.tiers.filter((tier) => tier.start <= above && above > 0).reduce((_, tier) => tier.price, listed.base)
}
