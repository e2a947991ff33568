import type { Behaviour } from './measure-models.js'
import { normal, seeded } from './random.js'
import type { SessionSum, Tally } from './tally.js'
import type { Estimate } from './types.js'

const ROUNDS = 1000
const SEED = 20261121

export interface Intervals {
  readonly cost: Estimate
  readonly quality: Estimate
  readonly savings: Estimate
}

/**
 * 95% percentile intervals by a bootstrap over sessions (calls of a session are not independent), in which every round also draws each
 * model's substitution error once: a model's verbosity, if it is wrong, is wrong for all its calls.
 */
export function intervals(tally: Tally, behaviour: Behaviour): Intervals {
  const table = flatten([...tally.sessions.values()])
  const { length } = table.actual
  const whole = total(table, (i) => i, null)
  const random = seeded(SEED)
  const costs: number[] = []
  const qualities: number[] = []
  const savings: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const factors = drawFactors(tally, behaviour, random)
    const t = total(table, () => Math.floor(random() * length), factors)
    // Spend is of the calls that really were made: the resampled ratio is applied to the measured total.
    const scale = t.actual > 0 ? whole.actual / t.actual : 1
    costs.push(t.simulated * scale)
    savings.push(whole.actual - t.simulated * scale)
    qualities.push(t.quality)
  }
  return {
    cost: between(whole.simulated, costs),
    quality: between(whole.quality, qualities),
    savings: between(whole.actual - whole.simulated, savings),
  }
}

/** The sums by column, since a thousand rounds over many sessions are most of a simulation's time otherwise. */
interface SessionTable {
  readonly actual: Float64Array
  readonly other: Float64Array
  readonly quality: Float64Array
  readonly judged: Float64Array
  /** Session `i` has the substitutions from `starts[i]` to before `starts[i + 1]`. */
  readonly starts: Uint32Array
  readonly places: Uint32Array
  readonly costs: Float64Array
}

function flatten(sums: readonly SessionSum[]): SessionTable {
  const starts = new Uint32Array(sums.length + 1)
  for (const [i, { substituted }] of sums.entries()) starts[i + 1] = (starts[i] ?? 0) + substituted.size
  return {
    actual: Float64Array.from(sums, (s) => s.actualCost),
    other: Float64Array.from(sums, (s) => s.otherCost),
    quality: Float64Array.from(sums, (s) => s.quality),
    judged: Float64Array.from(sums, (s) => s.judged),
    starts,
    places: Uint32Array.from(sums.flatMap((s) => [...s.substituted.keys()])),
    costs: Float64Array.from(sums.flatMap((s) => [...s.substituted.values()])),
  }
}

function total(table: SessionTable, pick: (i: number) => number, factors: Float64Array | null) {
  const { starts, places, costs } = table
  let actual = 0
  let simulated = 0
  let quality = 0
  let judged = 0
  for (let i = 0; i < table.actual.length; i++) {
    const s = pick(i)
    actual += table.actual[s] as number
    simulated += table.other[s] as number
    const end = starts[s + 1] as number
    for (let at = starts[s] as number; at < end; at++) {
      simulated += (costs[at] as number) * (factors === null ? 1 : (factors[places[at] as number] as number))
    }
    quality += table.quality[s] as number
    judged += table.judged[s] as number
  }
  return { actual, simulated, quality: judged === 0 ? 0 : quality / judged }
}

/** One draw of how wrong each substitution is: the errors of the two models' verbosity for the task, each the same wherever it is used. */
function drawFactors(tally: Tally, behaviour: Behaviour, random: () => number): Float64Array {
  const errors = new Map<string, number>()
  const errorOf = (model: string, task: string): number => {
    const key = `${model}|${task}`
    let error = errors.get(key)
    if (error === undefined) {
      error = behaviour.verbosityError(model, task) * normal(random)
      errors.set(key, error)
    }
    return error
  }
  return Float64Array.from(tally.substitutions, ({ from, to, task }) => Math.exp(errorOf(to, task) - errorOf(from, task)))
}

function between(value: number, draws: number[]): Estimate {
  draws.sort((a, b) => a - b)
  // Equal sums in another order differ in the last bit; an exact result has no interval.
  const spread = (draws.at(-1) ?? value) - (draws[0] ?? value)
  if (spread <= Math.abs(value) * 1e-12) return { value, low: value, high: value }
  const at = (p: number) => draws[Math.min(draws.length - 1, Math.floor(p * draws.length))] ?? value
  return { value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) }
}
