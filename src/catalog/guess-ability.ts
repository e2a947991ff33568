import { ABILITY_REGRESSION } from './data/model-facts.data.js'
import { guessYear } from './guess-year.js'
import { dashedName } from './model-name.js'
import type { AbilityGroup } from './types.js'

/** What the guess is based on. Prices in USD per million tokens, null when unknown. */
export interface Guessable {
  readonly name: string
  readonly priceIn: number | null
  readonly priceOut: number | null
  readonly reasoning: boolean
}

/** Cheapest price that the regression saw; free tiers say nothing about a model. */
const LEAST_PRICE = 0.02
const DEAREST_PRICE = 60
/** Assumed when neither price nor size is known: a small open model. */
const UNKNOWN_PRICE = 0.2
const SMALL = /mini|nano|lite|flash|haiku|small|tiny|air|luna|ministral/

/**
 * Raw ability and standard error of a model without scores: the regression on price, release date, thinking and name that
 * ABILITY_REGRESSION holds, its error inflated for models unlike those it was fitted on.
 */
export function guessRaw(group: AbilityGroup, model: Guessable): readonly [mean: number, se: number] {
  const c = ABILITY_REGRESSION[group]
  const name = dashedName(model.name)
  const years = guessYear(name) - 2024.5
  const out = price(model.priceOut ?? fromSize(name))
  const into = price(model.priceIn ?? out / 3)
  const mean =
    c.intercept +
    c.log10PriceOut * Math.log10(out) +
    c.log10PriceIn * Math.log10(into) +
    c['yearsSince2024.5'] * years +
    c.year2 * Math.max(0, years) ** 2 +
    c.reasoning * (model.reasoning ? 1 : 0) +
    c.smallName * (SMALL.test(name) ? 1 : 0)
  return [mean, c.rmse * 1.5]
}

function price(usd: number): number {
  return Math.min(DEAREST_PRICE, Math.max(LEAST_PRICE, usd))
}

/** What hosts of open models asked in 2026 for a model of so many billion parameters (8B: 0.05 to 0.15 USD, 70B: 0.25 to 0.9). */
function fromSize(name: string): number {
  const billions = Number(/(?:^|-)(\d+(?:-\d)?)b(?:-|$)/.exec(name)?.[1]?.replace('-', '.') ?? Number.NaN)
  return Number.isNaN(billions) ? UNKNOWN_PRICE : 0.02 * billions ** 0.75
}
