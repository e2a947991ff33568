import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import type { Ledger, ReplayDecided, ReplaySettled } from '../ledger/index.js'
import { cacheable, type DecideInput, decodeInput, decodeSignals, PRIOR_HIT, type Tables } from '../policy/index.js'
import { lastServed, stateOf } from './served.js'

/** How models behaved over a whole log, in ratios that do not depend on which requests each of them got. */
export interface Behaviour {
  /** Output tokens of a model relative to the average one, for a task. */
  verbosity(model: string, task: string): number
  /** Standard error of its logarithm. */
  verbosityError(model: string, task: string): number
  /** Share of the tokens expected to be warm at a model that its provider really read from its cache. */
  cacheHit(model: string): number
  /** Answers measured of a model. */
  observed(model: string): number
}

/** Answers of one model to requests of one kind. */
interface Cell {
  readonly kind: string
  readonly model: string
  readonly task: string
  n: number
  tokens: number
  squares: number
}

/** Calls that the prior hit probability counts as. */
const CACHE_WEIGHT = 4
const ROUNDS = 30
/** A model's verbosity for a task leans on its verbosity for all tasks as if it had been seen this often there, */
const TASK_WEIGHT = 20
/** and that on the catalog's, likewise. */
const MODEL_WEIGHT = 2
/** Log error of a model of which nothing was seen. */
const UNSEEN_ERROR = 0.35
/** Relative spread of answers assumed until there are enough to measure it. */
const PRIOR_SPREAD = 0.6
const PRIOR_SPREAD_WEIGHT = 10

/**
 * Fits output tokens as (length of this kind of request) × (verbosity of the model), by iterative proportional fitting, the maximum
 * likelihood of a multiplicative Poisson model. A model that got the hard requests is so not taken for a verbose one.
 */
export function measureModels(ledger: Pick<Ledger, 'replay' | 'modelRevs'>, tables: Tables): Behaviour {
  const caches = new Map<string, CacheSeen>()
  const cells = new Map<string, Cell>()
  const open = new Map<number, ReplayDecided>()
  for (const events of ledger.replay()) {
    for (const event of events) {
      if (event.kind === 'decided') open.set(event.seq, event)
      else if (event.kind === 'settled') {
        const row = open.get(event.call)
        open.delete(event.call)
        if (row === undefined) continue
        const signals = decodeSignals(row.signals)
        addAnswer(cells, row, event, signals)
        addCache(caches, decodeInput(row.input, signals, tables), event)
      }
    }
  }
  const fitted = fitCells([...cells.values()], priorsOf(ledger))
  return {
    ...fitted,
    cacheHit(model) {
      const { read, expected, calls } = caches.get(model) ?? { read: 0, expected: 0, calls: 0 }
      // Leans on the prior as on a few calls of the mean size.
      const lean = calls === 0 ? 1 : (expected / calls) * CACHE_WEIGHT
      return Math.min(1, (read + PRIOR_HIT * lean) / (expected + lean))
    },
  }
}

function addAnswer(cells: Map<string, Cell>, row: ReplayDecided, end: ReplaySettled, signals: Signals): void {
  if (end.status !== 'ok' || end.model === null) return
  const served = end.attempts.at(-1)
  if (served === undefined || served.usageSource !== 'reported' || served.outputTokens === null) return
  if (row.limit !== null && served.outputTokens >= row.limit) return
  const kind = kindOf(signals)
  const key = `${kind}|${end.model}`
  let cell = cells.get(key)
  if (cell === undefined) {
    cell = { kind, model: end.model, task: row.task, n: 0, tokens: 0, squares: 0 }
    cells.set(key, cell)
  }
  cell.n++
  cell.tokens += served.outputTokens
  cell.squares += served.outputTokens ** 2
}

/** Tokens that were expected to be warm at a model, and those it read from its cache. */
interface CacheSeen {
  read: number
  expected: number
  calls: number
}

function addCache(caches: Map<string, CacheSeen>, input: DecideInput, end: ReplaySettled): void {
  const served = lastServed(end)
  const read = served?.cacheReadTokens ?? null
  const state = end.model === null ? undefined : stateOf(input, end.model)
  const warm = input.endogenous.warm.find((w) => w.model === end.model)
  if (served?.outcome !== 'ok' || read === null || state === undefined || warm === undefined) return
  const expected = cacheable(Math.round(warm.tokens * state.tokenizerRatio), state.rev.cache)
  if (expected === 0) return
  const seen = caches.get(state.rev.id) ?? { read: 0, expected: 0, calls: 0 }
  seen.read += read
  seen.expected += expected
  seen.calls++
  caches.set(state.rev.id, seen)
}

/** Steps of difficulty, logits. */
const DIFFICULTY_STEP = 0.1

/**
 * Requests that are alike in all that a policy chooses by. Models are compared within a kind only: a kind that a policy always sends to the
 * same model says nothing of it, and a coarser kind would take the choice for the model's doing.
 */
function kindOf({ task, complexity, difficulty, tools, trajectory }: Signals): string {
  const loop = trajectory.inToolLoop ? 'loop' : tools.count > 0 ? 'tools' : ''
  return `${task}|${complexity}|${Math.round(difficulty.logit / DIFFICULTY_STEP)}|${loop}`
}

/** What the catalog said of each model's verbosity, the newest revision last. */
function priorsOf(ledger: Pick<Ledger, 'modelRevs'>): ReadonlyMap<string, number> {
  const priors = new Map<string, number>()
  for (const json of ledger.modelRevs().values()) {
    const { id, verbosity } = JSON.parse(json) as ModelRev
    priors.set(id, verbosity)
  }
  return priors
}

function fitCells(cells: readonly Cell[], priors: ReadonlyMap<string, number>): Omit<Behaviour, 'cacheHit'> {
  const lengths = new Map<string, number>()
  const models = new Map<string, number>()
  const tasks = new Map<string, number>()
  const byModel = group(cells, (c) => c.model)
  const byTask = group(cells, (c) => `${c.model}|${c.task}`)
  const byKind = group(cells, (c) => c.kind)
  const prior = (model: string): number => priors.get(model) ?? 1
  const verbosity = (model: string, task: string): number => prior(model) * (models.get(model) ?? 1) * (tasks.get(`${model}|${task}`) ?? 1)
  for (let round = 0; round < ROUNDS; round++) {
    for (const [kind, list] of byKind)
      lengths.set(kind, total(list, (c) => c.tokens) / total(list, (c) => c.n * verbosity(c.model, c.task)))
    const expected = (c: Cell): number => c.n * (lengths.get(c.kind) ?? 1) * prior(c.model)
    for (const [model, list] of byModel)
      models.set(
        model,
        shrunk(list, (c) => expected(c) * (tasks.get(`${c.model}|${c.task}`) ?? 1), MODEL_WEIGHT),
      )
    for (const [key, list] of byTask)
      tasks.set(
        key,
        shrunk(list, (c) => expected(c) * (models.get(c.model) ?? 1), TASK_WEIGHT),
      )
  }
  const spread = relativeSpread(cells, (c) => (lengths.get(c.kind) ?? 1) * verbosity(c.model, c.task))
  const counts = new Map([...byModel].map(([model, list]) => [model, total(list, (c) => c.n)]))
  const taskCounts = new Map([...byTask].map(([key, list]) => [key, total(list, (c) => c.n)]))
  return {
    verbosity,
    verbosityError(model, task) {
      const n = counts.get(model) ?? 0
      if (n === 0) return UNSEEN_ERROR
      const own = taskCounts.get(`${model}|${task}`) ?? 0
      // What the task's own answers do not say is taken from the model's others, which may differ between tasks.
      const borrowed = TASK_WEIGHT / (TASK_WEIGHT + own)
      return Math.sqrt(spread / n + (1 - borrowed) ** 2 * (spread / Math.max(own, 1)) + (borrowed * BETWEEN_TASKS) ** 2)
    },
    observed: (model) => counts.get(model) ?? 0,
  }
}

/** Log standard deviation assumed of a model's verbosity between tasks. */
const BETWEEN_TASKS = 0.1

/** Observed over expected tokens, leaning to 1 by a number of mean answers. */
function shrunk(cells: readonly Cell[], expected: (c: Cell) => number, weight: number): number {
  const sum = total(cells, expected)
  const lean =
    (sum /
      Math.max(
        1,
        total(cells, (c) => c.n),
      )) *
    weight
  return (total(cells, (c) => c.tokens) + lean) / (sum + lean)
}

/** Mean squared relative deviation of an answer's length from what is expected of it. */
function relativeSpread(cells: readonly Cell[], mean: (c: Cell) => number): number {
  let squares = PRIOR_SPREAD ** 2 * PRIOR_SPREAD_WEIGHT
  let n = PRIOR_SPREAD_WEIGHT
  for (const c of cells) {
    const m = mean(c)
    squares += (c.squares - 2 * m * c.tokens + c.n * m * m) / (m * m)
    n += c.n
  }
  return squares / n
}

function group(cells: readonly Cell[], key: (c: Cell) => string): ReadonlyMap<string, readonly Cell[]> {
  const groups = new Map<string, Cell[]>()
  for (const cell of cells) {
    const list = groups.get(key(cell))
    if (list === undefined) groups.set(key(cell), [cell])
    else list.push(cell)
  }
  return groups
}

function total(cells: readonly Cell[], of: (c: Cell) => number): number {
  let sum = 0
  for (const cell of cells) sum += of(cell)
  return sum
}
