/**
 * Money without rounding surprises: amounts are integer nano-USD, rates integer pico-USD per token.
 * Unknown is `null` (shown as "unpriced"); it is never 0.
 */

/** Integer nano-USD (1e-9 USD). Safe as a number up to 9 million USD. */
export type Nano = number
/** Integer pico-USD (1e-12 USD) per token. 1 USD per million tokens = 1e6 pico-USD per token. */
export type Pico = number

export const NANO_PER_USD = 1_000_000_000
export const PICO_PER_NANO = 1000

/** USD per million tokens, as price lists state it, to pico-USD per token. */
export function picoFromUsdPerMTok(usd: number): Pico {
  return Math.round(usd * 1_000_000)
}

/** Pico-USD per token to USD per million tokens, for display. */
export function usdPerMTok(rate: Pico | null): number | null {
  return rate === null ? null : rate / 1_000_000
}

export function nanoFromUsd(usd: number): Nano {
  return Math.round(usd * NANO_PER_USD)
}

export function usdFromNano(nano: Nano): number
export function usdFromNano(nano: Nano | null): number | null
export function usdFromNano(nano: Nano | null): number | null {
  return nano === null ? null : nano / NANO_PER_USD
}

/**
 * Sum of tokens × rate, place by place, in nano-USD, rounded once, half up. Columns, since a replay prices every attempt of a log several times.
 * Falls back to BigInt when the exact sum passes 2^53.
 */
export function sumCost(tokens: Float64Array, rates: Float64Array): Nano {
  let pico = 0
  for (let i = 0; i < tokens.length; i++) pico += tokens[i]! * rates[i]!
  if (Number.isSafeInteger(pico)) return Math.floor((pico + 500) / PICO_PER_NANO)
  let exact = 0n
  for (let i = 0; i < tokens.length; i++) exact += BigInt(Math.round(tokens[i]!)) * BigInt(rates[i]!)
  return Number((exact + 500n) / 1000n)
}

/** `$0.001234`-style text with enough digits to be useful; `unpriced` for null. Sign kept. */
export function formatUsd(nano: Nano | null): string {
  if (nano === null) return 'unpriced'
  const usd = Math.abs(nano) / NANO_PER_USD
  // A fraction of the last place that is shown is not nothing.
  if (nano !== 0 && Math.abs(nano) <= 500) return nano < 0 ? '>-$0.000001' : '<$0.000001'
  const digits = usd === 0 || usd >= 100 ? 2 : usd >= 1 ? 3 : usd >= 0.01 ? 4 : 6
  return `${nano < 0 ? '-' : ''}$${usd.toFixed(digits)}`
}

/** An amount in USD as `formatUsd` shows it; `unknown` for null. */
export function formatDollars(usd: number | null, unknown = 'unpriced'): string {
  return usd === null ? unknown : formatUsd(nanoFromUsd(usd))
}
