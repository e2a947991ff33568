import type { Rates } from './types.js'

export interface ListedPrice {
  /** The row's own id in the price list. */
  readonly id: string
  readonly rates: Rates
  readonly contextWindow: number | null
}

/** A price list, read once. */
export interface PriceBook {
  find(priceId: string, name: string): ListedPrice | null
}
