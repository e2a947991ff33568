import type { ModelRev } from '../catalog/index.js'
import { type Alternative, asLogged, withPrice } from './alternatives.js'
import { priceOf } from './baselines.js'
import type { Simulation } from './result.js'
import type { Estimate } from './types.js'

/** A change of the pool and its simulated effect. */
export interface Suggestion {
  readonly change: string
  readonly result: Simulation
  /** Cost of the present pool minus that of the changed one, nano-USD. For calls that this router decided the former is the real spend. */
  readonly saves: Estimate
}

/** Candidates tried in one pass: each costs as much as a separate policy. */
const MOST_CANDIDATES = 24
/** Predicted quality that a suggestion may lose without counting as a loss: what rounding of the models' abilities can make. */
const NO_LOSS = 0.001

/** Models of the catalog that could save something: cheaper than a model of the pool that is not clearly abler. */
export function worthTrying(pool: readonly ModelRev[], catalog: readonly ModelRev[]): readonly ModelRev[] {
  const known = new Set(pool.map((rev) => rev.id))
  const usable = catalog.filter((rev) => rev.kind === 'chat' && !known.has(rev.id) && !rev.simulated && priceOf(rev) !== null)
  const rivals = usable.filter((rev) =>
    pool.some((own) => (priceOf(own) ?? 0) > (priceOf(rev) ?? 0) && abilityOf(own) < abilityOf(rev) + 0.5),
  )
  return rivals.sort((a, b) => worthOf(b) - worthOf(a)).slice(0, MOST_CANDIDATES)
}

/** Today's prices where they differ from the log's: what the same calls would cost, and where they would go, now. */
export function newPrices(pool: readonly ModelRev[], logged: readonly ModelRev[]): readonly Alternative[] {
  return pool.flatMap(({ id, rates }) => {
    if (rates === null || rates.input === null || rates.output === null) return []
    const differs = (rev: ModelRev): boolean =>
      rev.id === id && rev.rates !== null && (rev.rates.input !== rates.input || rev.rates.output !== rates.output)
    return logged.some(differs) ? [withPrice(asLogged(), id, rates.input, rates.output)] : []
  })
}

/** Whether a model that was added got calls: what else would change is the doing of the pool as it is. */
function isTaken({ byModel }: Simulation, added: ModelRev): boolean {
  return byModel.some(({ model, simulatedCalls }) => model === added.id && simulatedCalls > 0)
}

/**
 * Changes that save something over the pool as it is, best first, among those that lose no predicted quality. The first of the results are
 * those of the models `added`.
 */
export function rankSuggestions(asIs: Simulation, results: readonly Simulation[], added: readonly ModelRev[]): readonly Suggestion[] {
  const keeps = (asIs.simulated.quality?.value ?? 1) - NO_LOSS
  const taken = results.filter((result, i) => added[i] === undefined || isTaken(result, added[i]))
  return taken
    .map((result) => ({ change: result.policy, result, saves: difference(asIs.simulated.cost, result.simulated.cost) }))
    .filter(({ saves, result }) => saves.value > 0 && (result.simulated.quality?.value ?? 0) >= keeps)
    .sort((a, b) => b.saves.value - a.saves.value)
}

/** With the interval of independent errors: those of one log are not, which only makes it too wide. */
function difference(from: Estimate, to: Estimate): Estimate {
  const value = from.value - to.value
  return {
    value,
    low: value - Math.hypot(from.value - from.low, to.high - to.value),
    high: value + Math.hypot(from.high - from.value, to.value - to.low),
  }
}

function abilityOf({ ability }: ModelRev): number {
  const groups = [ability.chat, ability.knowledge, ability.coding, ability.tools]
  return groups.reduce((sum, { mean }) => sum + mean, 0) / groups.length
}

/** Ability for the money: a logit weighs as much as a price of a third. */
function worthOf(rev: ModelRev): number {
  return abilityOf(rev) - Math.log((priceOf(rev) ?? 0) + 1) / Math.log(3)
}
