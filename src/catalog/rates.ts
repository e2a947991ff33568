import { nanoFromUsd, type Pico, picoFromUsdPerMTok } from '../kit/index.js'
import type { Rates } from './types.js'

/**
 * A price as users write it: USD per million tokens. Omitted prices are those the provider would bill without a discount: cached reads and
 * writes as input, one-hour writes as five-minute ones. Null means unknown.
 */
export interface PriceSpec {
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead?: number | null | undefined
  /** Five-minute cache writes. */
  readonly cacheWrite?: number | null | undefined
  readonly cacheWrite1h?: number | null | undefined
  /** Only where reasoning tokens cost something else than output. */
  readonly reasoning?: number | null | undefined
  /** USD per call. */
  readonly perCall?: number | undefined
  /** Prices of the whole call when its prompt is longer than `above` tokens. */
  readonly tiers?: readonly (Omit<PriceSpec, 'tiers' | 'perCall'> & { readonly above: number })[] | undefined
}

const pico = (usd: number | null): Pico | null => (usd === null ? null : picoFromUsdPerMTok(usd))

function tokenRates(price: Omit<PriceSpec, 'tiers' | 'perCall'>): Omit<Rates, 'tiers' | 'perCall'> {
  const { input, output, cacheRead = input, cacheWrite = input, cacheWrite1h = cacheWrite, reasoning = null } = price
  return {
    input: pico(input),
    output: pico(output),
    cacheRead: pico(cacheRead),
    cacheWrite5m: pico(cacheWrite),
    cacheWrite1h: pico(cacheWrite1h),
    reasoning: pico(reasoning),
  }
}

/** A rate row in integer pico-USD per token. */
export function ratesFromPrice(price: PriceSpec): Rates {
  const tiers = [...(price.tiers ?? [])].sort((a, b) => a.above - b.above)
  return {
    ...tokenRates(price),
    perCall: nanoFromUsd(price.perCall ?? 0),
    ...(tiers.length > 0 ? { tiers: tiers.map((tier) => ({ above: tier.above, ...tokenRates(tier) })) } : {}),
  }
}

const scale = (rate: Pico | null, factor: number): Pico | null => (rate === null ? null : Math.round(rate * factor))

function scaleTokens<T extends Omit<Rates, 'tiers' | 'perCall'>>(rates: T, factor: number): T {
  return {
    ...rates,
    input: scale(rates.input, factor),
    output: scale(rates.output, factor),
    cacheRead: scale(rates.cacheRead, factor),
    cacheWrite5m: scale(rates.cacheWrite5m, factor),
    cacheWrite1h: scale(rates.cacheWrite1h, factor),
    reasoning: scale(rates.reasoning, factor),
  }
}

/** The same row at a fraction of the price, as batch and flex tiers are sold. */
export function discounted(rates: Rates, factor: number): Rates {
  return { ...scaleTokens(rates, factor), ...(rates.tiers ? { tiers: rates.tiers.map((tier) => scaleTokens(tier, factor)) } : {}) }
}
