import { costOf, type ModelRev } from '../catalog/index.js'
import type { Nano } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import type { ModelState } from '../policy/index.js'
import type { Behaviour } from './behaviour.js'
import { usageOf } from './check-call.js'
import type { LoggedCall } from './logged-call.js'
import { lastServed } from './served.js'
import { ENOUGH_CALLS, type Evidence } from './types.js'

/** What the logged calls would have cost without a router. */
export interface BaselineSum {
  readonly name: string
  /** Cost of the baseline over the calls it has a price for, and what those calls really cost; nano-USD. */
  readonly cost: Nano
  readonly actual: Nano
  readonly calls: number
  readonly evidence: Evidence
}

export interface BaselineTracker {
  /** Nothing is known of a call before it has ended. */
  decided(): void
  settled(call: LoggedCall, end: ReplaySettled): void
  sums(): readonly BaselineSum[]
}

/**
 * Adds up named baselines: what the client asked for (at the prices of that time), and always the most or least expensive model of the
 * pool, with that model's tokenizer and verbosity and the cached share that the call really had: a session that never changes models keeps
 * its cache.
 */
export function trackBaselines(behaviour: Behaviour): BaselineTracker {
  const asked = newSum('asked for', 'sufficient')
  const sums = new Map<string, Sum>()
  let pool: Extremes = { models: [], dearest: null, cheapest: null }

  function sumOf(rev: ModelRev | undefined, word: string): Always | null {
    if (rev === undefined) return null
    const name = `always ${rev.id}, the ${word}`
    const sum = sums.get(name) ?? newSum(name, behaviour.observed(rev.id) < ENOUGH_CALLS ? 'insufficient' : 'sufficient')
    sums.set(name, sum)
    return { rev, sum }
  }

  function extremesOf(models: readonly ModelState[]): Extremes {
    if (pool.models.length === models.length && models.every((m, i) => m.rev === pool.models[i])) return pool
    const revs = models.map((m) => m.rev)
    const priced = revs.filter((rev) => rev.kind === 'chat' && priceOf(rev) !== null).sort((a, b) => (priceOf(a) ?? 0) - (priceOf(b) ?? 0))
    pool = { models: revs, dearest: sumOf(priced.at(-1), 'dearest'), cheapest: sumOf(priced[0], 'cheapest') }
    return pool
  }

  return {
    decided() {},
    settled({ input, row, counted }, end) {
      if (!counted || end.costNano === null || end.status === 'interrupted') return
      add(asked, end.baselineCostNano, end.costNano)
      const { dearest, cheapest } = extremesOf(input.models)
      if (dearest !== null) add(dearest.sum, costAt(dearest.rev, row.task, end, behaviour), end.costNano)
      if (cheapest !== null) add(cheapest.sum, costAt(cheapest.rev, row.task, end, behaviour), end.costNano)
    },
    sums: () => [asked, ...sums.values()].filter((sum) => sum.calls > 0),
  }
}

interface Sum {
  readonly name: string
  readonly evidence: Evidence
  cost: number
  actual: number
  calls: number
}

interface Always {
  readonly rev: ModelRev
  readonly sum: Sum
}

/** The pool's most and least expensive models. */
interface Extremes {
  readonly models: readonly ModelRev[]
  readonly dearest: Always | null
  readonly cheapest: Always | null
}

function newSum(name: string, evidence: Evidence): Sum {
  return { name, evidence, cost: 0, actual: 0, calls: 0 }
}

function add(sum: Sum, cost: Nano | null, actual: Nano): void {
  if (cost === null) return
  sum.cost += cost
  sum.actual += actual
  sum.calls++
}

/** Three parts prompt, one part answer. */
function priceOf({ rates }: ModelRev): number | null {
  return rates === null || rates.input === null || rates.output === null ? null : 3 * rates.input + rates.output
}

function costAt(rev: ModelRev, task: string, end: ReplaySettled, behaviour: Behaviour): Nano | null {
  if (end.model === rev.id) return end.costNano
  const served = lastServed(end)
  if (served === undefined || end.model === null || rev.rates === null) return null
  const usage = usageOf(served)
  const prompt = behaviour.tokenizer(rev.id) / behaviour.tokenizer(end.model)
  const answer = behaviour.verbosity(rev.id, task) / behaviour.verbosity(end.model, task)
  const scaled = (tokens: number | null, by: number) => (tokens === null ? null : Math.round(tokens * by))
  const { cacheRead, cacheWrite5m, cacheWrite1h } = rev.rates
  // A model without a price for cached tokens takes them as new ones.
  const cached = cacheRead === null ? null : scaled(usage.cacheRead, prompt)
  const written5m = cacheWrite5m === null ? null : scaled(usage.cacheWrite5m, prompt)
  const written1h = cacheWrite1h === null ? null : scaled(usage.cacheWrite1h, prompt)
  const all = (usage.input ?? 0) + (usage.cacheRead ?? 0) + (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0)
  const input = Math.max(0, Math.round(all * prompt) - (cached ?? 0) - (written5m ?? 0) - (written1h ?? 0))
  return costOf(
    { input, cacheRead: cached, cacheWrite5m: written5m, cacheWrite1h: written1h, output: scaled(usage.output, answer), reasoning: null },
    rev.rates,
  )
}
