import { totalInput, type Usage } from '../canonical/index.js'
import { type Nano, PICO_PER_NANO, type Pico, sumCost } from '../kit/index.js'
import type { Rates } from './types.js'

type TokenRates = Omit<Rates, 'tiers' | 'perCall'>

/** The rates that hold for a prompt of this many tokens in total, cached ones included. */
export function ratesFor(rates: Rates, promptTokens: number): TokenRates {
  let chosen: TokenRates = rates
  for (const tier of rates.tiers ?? []) if (promptTokens > tier.above) chosen = tier
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
  const kinds: readonly (readonly [number, Pico | null])[] = [
    [usage.input ?? 0, at.input],
    [usage.cacheRead ?? 0, at.cacheRead],
    [usage.cacheWrite5m ?? 0, at.cacheWrite5m],
    [usage.cacheWrite1h ?? 0, at.cacheWrite1h],
    [Math.max(0, (usage.output ?? 0) - reasoning), at.output],
    [reasoning, at.reasoning],
  ]
  const pairs: [number, Pico][] = [[rates.perCall, PICO_PER_NANO]]
  for (const [tokens, rate] of kinds) {
    if (tokens === 0) continue
    if (rate === null) return null
    pairs.push([tokens, rate])
  }
  return sumCost(pairs)
}
