import { totalInput, type Usage } from '../canonical/index.js'
import { type Nano, PICO_PER_NANO, type Pico, sumCost } from '../kit/index.js'
import type { Rates } from './types.js'

type TokenRates = Omit<Rates, 'tiers' | 'perCall'>

/** The rates that hold for a prompt of this many tokens in total, cached ones included. */
function ratesFor(rates: Rates, promptTokens: number): TokenRates {
  let chosen: TokenRates = rates
  if (rates.tiers !== undefined) for (const tier of rates.tiers) if (promptTokens > tier.above) chosen = tier
  return chosen
}

/**
 * Cost of one attempt, nano-USD, rounded once. Null (unpriced) when tokens were used whose rate is unknown, or when the
 * provider did not say how many tokens a priced kind took. A kind left out of a usage report that has others is 0.
 */
export function costOf(usage: Usage, rates: Rates | null): Nano | null {
  if (rates === null) return null
  const prompt = totalInput(usage)
  const at = ratesFor(rates, prompt ?? 0)
  if (prompt === null && at.input !== 0) return null
  if (usage.output === null && at.output !== 0) return null

  const reasoning = at.reasoning === null ? 0 : (usage.reasoning ?? 0)
  TOKENS[0] = rates.perCall
  RATES[0] = PICO_PER_NANO
  const isPriced =
    priceAt(1, usage.input ?? 0, at.input) &&
    priceAt(2, usage.cacheRead ?? 0, at.cacheRead) &&
    priceAt(3, usage.cacheWrite5m ?? 0, at.cacheWrite5m) &&
    priceAt(4, usage.cacheWrite1h ?? 0, at.cacheWrite1h) &&
    priceAt(5, Math.max(0, (usage.output ?? 0) - reasoning), at.output) &&
    priceAt(6, reasoning, at.reasoning)
  return isPriced ? sumCost(TOKENS, RATES) : null
}

/** One place a kind of token, and the first for the call itself. */
const TOKENS = new Float64Array(7)
const RATES = new Float64Array(7)

/** Whether the kind has a rate, or was not used. */
function priceAt(place: number, tokens: number, rate: Pico | null): boolean {
  TOKENS[place] = tokens
  RATES[place] = rate ?? 0
  return tokens === 0 || rate !== null
}
