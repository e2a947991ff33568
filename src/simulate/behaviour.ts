import type { ModelRev } from '../catalog/index.js'
import { addTo, drawNormal, entry, hashText, once, remembered, seededRandom } from '../kit/index.js'
import { PRIOR_HIT } from '../policy/index.js'
import { fitKept } from './fit-kept.js'
import { type Design, type Fit, fitProducts, flatFit, type Lean, type Seen } from './fit-products.js'
import { fitTime } from './fit-time.js'
import { CACHE_SUM, type Cell, GROUPS, type Measured, SUM, SUMS, TIME_SUMS } from './measure-log.js'

export interface Chance {
  /** Length of an answer, relative to its expectation. */
  answer(): number
  /** Share of a warm prefix that is read when that much of it is expected to be. */
  found(hit: number): number
}

const EXPECTED: Chance = { answer: () => 1, found: (hit) => hit }

/** Bootstrap rounds. */
export const ROUNDS = 400
const SEED = 20261121
const FIT_ROUNDS = 30
/** A refit starts from the fit of the complete log, so a few iterations suffice. */
const REFIT_ROUNDS = 4
/** A model's verbosity for a task leans on its verbosity for all tasks as if it had been seen this often there, and that on the catalog's. */
const VERBOSITY: Lean = { model: 2, slot: 20 }
const TOKENIZER: Lean = { model: 4, slot: Number.POSITIVE_INFINITY }
/** Log standard deviations: of a model's verbosity from the catalog's, of that between tasks, of a tokenizer from the catalog's, of a hit rate. */
const UNSEEN = { verbosity: 0.35, task: 0.1, tokenizer: 0.1, hit: 0.15 } as const
/** Relative spread of answers assumed until there are enough to measure it. */
const PRIOR_SPREAD = { value: 0.6 ** 2, weight: 10 } as const
/** Calls that the prior hit probability counts as. */
const CACHE_WEIGHT = 8

type Revs = ReadonlyMap<string, Pick<ModelRev, 'verbosity' | 'tokenizerRatio'> & Partial<Pick<ModelRev, 'simulated'>>>

/** How models behaved over a complete log, as ratios that do not depend on which requests each of them got. */
export type Behaviour = ReturnType<typeof fitBehaviour>

/** Fits the models' behaviour to the observations, once as they are and `ROUNDS` times to sessions drawn with replacement. */
export function fitBehaviour({ cells: cellMap, prompts: promptMap, caches, kept, times }: Measured, revs: Revs) {
  const cells = [...cellMap.values()]
  const sizes = [...promptMap.values()]
  const places = placesOf(cells)
  const sizePlaces = placesOf(sizes)
  const { models, slots } = places
  const verbosityPrior = (model: string) => revs.get(model)?.verbosity ?? 1
  const tokenizerPrior = (model: string) => revs.get(model)?.tokenizerRatio ?? 1
  const outputs = designOf(places, verbosityPrior)
  const prompts = designOf(sizePlaces, tokenizerPrior)
  const whole = new Float64Array(GROUPS).fill(1)
  const out = fitProducts(outputs, seenOf(cells, whole, SUM.calls, SUM.output), VERBOSITY, FIT_ROUNDS, flatFit(outputs))
  const ratio = fitProducts(prompts, seenOf(sizes, whole, SUM.reference, SUM.prompt), TOKENIZER, FIT_ROUNDS, flatFit(prompts))
  const hit = fitHits(caches)
  const hits = hit(whole)
  const calls = countCalls(cells)
  const slotCalls = countCalls(cells, (c) => `${c.model}|${c.task}`)

  const random = seededRandom(SEED)
  const weights = Array.from({ length: ROUNDS }, () => drawGroups(random))
  /** Refits are made when the first interval is asked for, and all of them then. */
  const refits = once(() =>
    weights.map((w) => ({
      out: fitProducts(outputs, seenOf(cells, w, SUM.calls, SUM.output), VERBOSITY, REFIT_ROUNDS, copyOf(out)),
      ratio: fitProducts(prompts, seenOf(sizes, w, SUM.reference, SUM.prompt), TOKENIZER, REFIT_ROUNDS, copyOf(ratio)),
    })),
  )
  const drawnHits = once(() => weights.map(hit))
  /** What the log does not show: the remaining share of the prior in a value, with the same error throughout a round. */
  const unseen = (key: string, sd: number) => {
    const own = seededRandom(hashText(key, SEED))
    return Float64Array.from({ length: ROUNDS }, () => Math.exp(sd * drawNormal(own)))
  }
  const left = (n: number, weight: number): number => Math.sqrt(weight / (weight + n))
  const modelDraws = remembered((model: string) => unseen(`v ${model}`, UNSEEN.verbosity * left(calls.get(model) ?? 0, VERBOSITY.model)))

  const drawsOf = remembered((model: string) =>
    remembered((task: string) => {
      const [m, s] = [models.get(model), slots.get(`${model}|${task}`)]
      const own = modelDraws(model)
      const borrowed = unseen(`t ${model}|${task}`, UNSEEN.task * left(slotCalls.get(`${model}|${task}`) ?? 0, VERBOSITY.slot))
      return Float64Array.from(
        refits(),
        (fit, r) => ratioOf(fit.out.models, out.models, m) * ratioOf(fit.out.slots, out.slots, s) * own[r]! * borrowed[r]!,
      )
    }),
  )

  const verbosities = remembered((model: string) => {
    const overall = verbosityPrior(model) * factor(out.models, models.get(model))
    return remembered((task: string) => overall * factor(out.slots, slots.get(`${model}|${task}`)))
  })
  /** Prompt tokens of a model a reference token. */
  const tokenizer = remembered((model: string) => tokenizerPrior(model) * factor(ratio.models, sizePlaces.models.get(model)))
  const keptOf = fitKept(kept)
  const pooled = fitTime(sumAll(times), null)?.perPrompt ?? null
  const lines = remembered((model: string) => fitTime(times.get(model), pooled))

  return {
    /** Output tokens of a model relative to the average one, for a task. */
    verbosity: (model: string, task: string) => verbosities(model)(task),
    tokenizer,
    /** Reference tokens that an output token of a model adds to the conversation. */
    kept: remembered((model: string) => keptOf(model) ?? 1 / tokenizer(model)),
    /** Share of the tokens expected to be warm at a model that its provider really read from its cache. */
    cacheHit: hits,
    /** What single calls differ by: nothing, where the expected is asked for. */
    chance: EXPECTED,
    /** Measured times of a model's answers; null when there were too few. */
    timeLine: lines,
    /** Answers measured of a model. */
    observed: (model: string) => calls.get(model) ?? 0,
    /** Whether its answers are made up in this process. */
    isSimulated: (model: string) => revs.get(model)?.simulated === true,
    /** Mean squared relative deviation of one answer's length from what is expected of it. */
    spread: spreadOf(cells, outputs, out),
    /** The same three as each of `ROUNDS` bootstrap rounds over sessions has them, relative to the value itself. */
    verbosityDraws: (model: string, task: string) => drawsOf(model)(task),
    tokenizerDraws: remembered((model: string) => {
      const own = unseen(`p ${model}`, UNSEEN.tokenizer * left(calls.get(model) ?? 0, TOKENIZER.model))
      return Float64Array.from(refits(), (fit, r) => ratioOf(fit.ratio.models, ratio.models, sizePlaces.models.get(model)) * own[r]!)
    }),
    hitDraws: remembered((model: string) => {
      const own = unseen(`h ${model}`, UNSEEN.hit * left(sumOf(caches.get(model), whole, CACHE_SUM.calls), CACHE_WEIGHT))
      const value = hits(model)
      return Float64Array.from(drawnHits(), (drawn, r) => Math.min(1, drawn(model) * own[r]!) / value)
    }),
  }
}

interface Places {
  readonly kind: Uint32Array
  readonly model: Uint32Array
  readonly slot: Uint32Array
  readonly kinds: number
  readonly models: ReadonlyMap<string, number>
  readonly slots: ReadonlyMap<string, number>
}

function placesOf(cells: readonly Cell[]): Places {
  const [kinds, models, slots] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  const place = (map: Map<string, number>, key: string): number => entry(map, key, () => map.size)
  return {
    kind: Uint32Array.from(cells, (c) => place(kinds, c.kind)),
    model: Uint32Array.from(cells, (c) => place(models, c.model)),
    slot: Uint32Array.from(cells, (c) => place(slots, `${c.model}|${c.task}`)),
    kinds: kinds.size,
    models,
    slots,
  }
}

function designOf({ kind, model, slot, kinds, models, slots }: Places, prior: (model: string) => number): Design {
  return { kind, model, slot, kinds, models: models.size, slots: slots.size, prior: Float64Array.from(models.keys(), prior) }
}

/** How often each group of sessions is drawn. */
function drawGroups(random: () => number): Float64Array {
  const drawn = new Float64Array(GROUPS)
  for (let i = 0; i < GROUPS; i++) drawn[Math.floor(random() * GROUPS)]! += 1
  return drawn
}

function sumOf(groups: Float64Array | undefined, weights: Float64Array, which: number): number {
  let sum = 0
  if (groups !== undefined) for (let g = 0; g < GROUPS; g++) sum += weights[g]! * groups[g * SUMS + which]!
  return sum
}

function seenOf(cells: readonly Cell[], weights: Float64Array, exposure: number, observed: number): Seen {
  const column = (which: number) => Float64Array.from(cells, (c) => sumOf(c.groups, weights, which))
  const calls = column(SUM.calls)
  return { calls, exposure: exposure === SUM.calls ? calls : column(exposure), observed: column(observed) }
}

/** A model's hit rate borrows from those of all models, which borrow from the router's own expectation. */
function fitHits(caches: Measured['caches']): (weights: Float64Array) => (model: string) => number {
  return (weights) => {
    const seen = new Map<string, readonly [calls: number, found: number]>()
    let [share, of] = [PRIOR_HIT, 1]
    for (const [model, groups] of caches) {
      const [calls, found] = [sumOf(groups, weights, CACHE_SUM.calls), sumOf(groups, weights, CACHE_SUM.found)]
      seen.set(model, [calls, found])
      share += found / (calls + CACHE_WEIGHT)
      of += calls / (calls + CACHE_WEIGHT)
    }
    return (model) => {
      const [calls, found] = seen.get(model) ?? [0, 0]
      return (found + (share / of) * CACHE_WEIGHT) / (calls + CACHE_WEIGHT)
    }
  }
}

function countCalls(cells: readonly Cell[], key: (c: Cell) => string = (c) => c.model): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const whole = new Float64Array(GROUPS).fill(1)
  for (const c of cells) addTo(counts, key(c), sumOf(c.groups, whole, SUM.calls))
  return counts
}

function spreadOf(cells: readonly Cell[], { kind, model, slot, prior }: Design, fit: Fit): number {
  const whole = new Float64Array(GROUPS).fill(1)
  let squares = PRIOR_SPREAD.value * PRIOR_SPREAD.weight
  let n = PRIOR_SPREAD.weight
  for (const [i, c] of cells.entries()) {
    const m = model[i]!
    const mean = fit.kinds[kind[i]!]! * prior[m]! * fit.models[m]! * fit.slots[slot[i]!]!
    const calls = sumOf(c.groups, whole, SUM.calls)
    squares += (c.squares - 2 * mean * sumOf(c.groups, whole, SUM.output) + calls * mean * mean) / (mean * mean)
    n += calls
  }
  return squares / n
}

function factor(factors: Float64Array, at: number | undefined): number {
  return at === undefined ? 1 : factors[at]!
}

function ratioOf(drawn: Float64Array, whole: Float64Array, at: number | undefined): number {
  return at === undefined ? 1 : drawn[at]! / whole[at]!
}

function copyOf({ kinds, models, slots }: Fit): Fit {
  return { kinds: kinds.slice(), models: models.slice(), slots: slots.slice() }
}

function sumAll(times: Measured['times']): Float64Array {
  const sum = new Float64Array(TIME_SUMS)
  for (const own of times.values()) for (let i = 0; i < TIME_SUMS; i++) sum[i]! += own[i]!
  return sum
}
