import { totalInput } from '../canonical/index.js'
import { costOf, type ModelRev } from '../catalog/index.js'
import { addTo, entry, type Nano } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import type { ModelState } from '../policy/index.js'
import type { Behaviour } from './behaviour.js'
import type { LoggedCall } from './logged-call.js'
import { lastServed, usageOf } from './served.js'
import { ENOUGH_CALLS, type Evidence } from './types.js'

/** What the logged calls would have cost without a router. */
export interface BaselineSum {
  readonly name: string
  /** Cost of the baseline over the calls that it has a price for; nano-USD. */
  readonly cost: Nano
  readonly calls: number
  readonly evidence: Evidence
}

const ASKED = 'asked for'

/**
 * Adds up named baselines: what the client asked for (as priced when it asked), and always the dearest or cheapest model of the pool, with
 * that model's tokenizer and verbosity and the cached share that the call really had: a session that never changes models keeps its cache.
 */
export function trackBaselines(behaviour: Behaviour) {
  const sums = new Map([[ASKED, newSum(ASKED)]])
  const extremesOf = findExtremes()

  function add(name: string, cost: Nano | null) {
    const sum = entry(sums, name, () => newSum(name))
    if (cost === null) return sum
    sum.cost += cost
    sum.calls++
    return sum
  }

  return {
    /** Nothing is known of a call before it has ended. */
    decided() {},
    settled({ input, row, counted }: LoggedCall, end: ReplaySettled): void {
      if (!counted || end.costNano === null || end.status === 'interrupted') return
      add(ASKED, end.baselineCostNano)
      for (const { rev, name } of extremesOf(input.models)) {
        const cost = costAt(rev, row.task, end, behaviour)
        const sum = add(name, cost)
        if (cost !== null && end.model !== rev.id && behaviour.observed(rev.id) < ENOUGH_CALLS) sum.evidence = 'insufficient'
      }
    },
    sums: (): readonly BaselineSum[] => [...sums.values()].filter((sum) => sum.calls > 0),
  }
}

/** What the calls that each baseline has a price for come to under another policy, by the baseline's name; nano-USD. */
export function trackCovered() {
  const sums = new Map<string, Nano>()
  const extremesOf = findExtremes()
  return {
    sums,
    add({ input }: LoggedCall, end: ReplaySettled, simulated: Nano): void {
      if (end.baselineCostNano !== null) addTo(sums, ASKED, simulated)
      for (const { rev, name } of extremesOf(input.models)) if (isComparable(rev, end)) addTo(sums, name, simulated)
    },
  }
}

/** A model that every call is thought to go to. */
interface Always {
  readonly rev: ModelRev
  readonly name: string
}

/** The dearest and the cheapest model of a pool, remembered for the pool asked for last. */
function findExtremes(): (models: readonly ModelState[]) => readonly Always[] {
  let pool: readonly ModelRev[] = []
  let found: readonly Always[] = []
  return (models) => {
    if (pool.length === models.length && models.every((m, i) => m.rev === pool[i])) return found
    pool = models.map((m) => m.rev)
    const priced = pool.filter((rev) => rev.kind === 'chat' && priceOf(rev) !== null).sort((a, b) => (priceOf(a) ?? 0) - (priceOf(b) ?? 0))
    const always = (rev: ModelRev | undefined, word: string): readonly Always[] =>
      rev === undefined ? [] : [{ rev, name: `always ${rev.id}, the ${word}` }]
    found = [...always(priced.at(-1), 'dearest'), ...always(priced[0], 'cheapest')]
    return found
  }
}

function newSum(name: string) {
  return { name, evidence: 'sufficient' as Evidence, cost: 0, calls: 0 }
}

/** A figure for comparing: three parts prompt, one part answer. */
export function priceOf({ rates }: ModelRev): number | null {
  return rates === null || rates.input === null || rates.output === null ? null : 3 * rates.input + rates.output
}

/** Whether the answer's tokens are known, so that they have a cost at another model. */
function isComparable(rev: ModelRev, end: ReplaySettled): boolean {
  const served = end.model === null ? undefined : lastServed(end)
  return end.model === rev.id || (served !== undefined && totalInput(usageOf(served)) !== null && served.outputTokens !== null)
}

function costAt(rev: ModelRev, task: string, end: ReplaySettled, behaviour: Behaviour): Nano | null {
  if (end.model === rev.id) return end.costNano
  const served = lastServed(end)
  if (served === undefined || end.model === null || rev.rates === null || !isComparable(rev, end)) return null
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
