import { Fault } from '../kit/index.js'
import type { Ledger, ReplayDecided, ReplaySettled } from '../ledger/index.js'
import {
  type DecideInput,
  decide,
  decodeInput,
  decodeSignals,
  emptyState,
  endogenousOf,
  fold,
  type Plan,
  type PrefixLink,
  predictQuality,
} from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import { checkCall, recomputeCost } from './check-call.js'
import { counterfactual, stateOf } from './counterfactual.js'
import { decidedEvent, prefixLinks, queryOf, settledEvent, simulatedSettledEvent } from './follow.js'
import { trackDrift } from './history-drift.js'
import { intervals } from './interval.js'
import { type Behaviour, measureModels } from './measure-models.js'
import { readTables } from './read-tables.js'
import { addCall, newTally, quantile, type Tally } from './tally.js'
import type { Evidence, Simulation } from './types.js'

export interface SimulateOptions {
  /** Milliseconds since the epoch; calls outside still move the state, but are not counted. */
  readonly sinceMs?: number
  readonly untilMs?: number
  /** Decide pinned calls again instead of keeping them. */
  readonly includePinned?: boolean
  /** Called with the calls done so far, now and then. */
  readonly progress?: (calls: number) => void
}

/** Fewer observations of a model than this make its predictions insufficient. */
const ENOUGH_CALLS = 30

interface Open {
  readonly row: ReplayDecided
  /** As recorded, and as the other policy would have had it. */
  readonly recorded: DecideInput
  readonly other: DecideInput
  readonly plan: Plan
  readonly leaf: PrefixLink | null
}

/** Replays a ledger's events in order, under the recorded choices and under another policy's own, side by side. */
export function simulate(ledger: Ledger, alternative: Alternative, options: SimulateOptions = {}): Simulation {
  const tables = readTables(ledger)
  const linkOf = prefixLinks(ledger.prefixes())
  const logged = emptyState()
  const imagined = emptyState()
  const open = new Map<number, Open>()
  const tally = newTally()
  const behaviour = measureModels(ledger)
  const history = trackDrift()
  const excluded = new Map<string, number>()
  const counts = { reproduced: 0, rechained: 0, repriced: 0, olderEngine: 0, settled: 0 }
  let since: number | null = null
  let until: number | null = null

  const isCounted = (row: ReplayDecided): boolean =>
    row.atMs >= (options.sinceMs ?? Number.NEGATIVE_INFINITY) && row.atMs < (options.untilMs ?? Number.POSITIVE_INFINITY)
  const exclude = (reason: string): void => {
    excluded.set(reason, (excluded.get(reason) ?? 0) + 1)
  }

  function decided(row: ReplayDecided): void {
    const recorded = decodeInput(row.input, decodeSignals(row.signals), tables)
    const leaf = linkOf(row.prefixLeaf)
    const query = queryOf(row, recorded, leaf)
    if (isCounted(row)) {
      const check = checkCall(row, recorded, endogenousOf(logged, query))
      if (!check.currentEngine) counts.olderEngine++
      if (check.reproduced) counts.reproduced++
      if (check.rechained) counts.rechained++
      since ??= row.atMs
      until = row.atMs
    }
    const asLogged = decide(recorded)
    const keep = row.mode === 'pinned' && options.includePinned !== true && row.source === null
    const policy = keep ? recorded.policy : alternative.policyFor(recorded, row.profile)
    const models = keep ? recorded.models : (alternative.modelsFor?.(recorded) ?? recorded.models)
    const seen = models === recorded.models ? query : { ...query, models: models.map((m) => m.rev) }
    const other: DecideInput = { ...recorded, policy, models, endogenous: endogenousOf(imagined, seen), ...(keep ? {} : { pinned: null }) }
    const plan = keep ? asLogged : decide(other)
    fold(logged, decidedEvent(row, recorded, asLogged, leaf))
    fold(imagined, decidedEvent(row, other, plan, leaf))
    open.set(row.seq, { row, recorded, other, plan, leaf })
  }

  function settled(end: ReplaySettled): void {
    const call = open.get(end.call)
    if (call === undefined) return
    open.delete(end.call)
    const { row, recorded, other, plan, leaf } = call
    const drift = history.before(row.session, leaf)
    const result = counterfactual({ recorded, input: other, plan, settled: end, behaviour, drift })
    history.after(row.session, leaf, result.longer)
    fold(logged, settledEvent(row.id, end, recorded))
    const asRecorded = result.exact ? settledEvent(row.id, end, recorded) : null
    fold(imagined, asRecorded ?? simulatedSettledEvent(row.id, end, other, result.model, result.cost))
    if (!isCounted(row)) return
    counts.settled++
    if (recomputeCost(end.attempts, (hash) => tables.modelRev(hash)) === end.costNano) counts.repriced++
    if (end.status === 'interrupted') exclude('interrupted')
    else if (end.costNano === null) exclude('unpriced')
    else if (result.cost === null) exclude('unpriced under the other policy')
    else {
      const cost = { costNano: end.costNano }
      addCall(tally, row.session ?? row.id, { ...end, ...cost }, { ...result, cost: result.cost }, qualityOf(recorded, end.model), row.task)
    }
    if (counts.settled % 1000 === 0) options.progress?.(counts.settled)
  }

  for (const events of ledger.replay()) {
    for (const event of events) {
      if (event.kind === 'decided') decided(event)
      else if (event.kind === 'settled') settled(event)
    }
  }
  for (const { row } of open.values()) if (isCounted(row)) exclude('still running')
  if (tally.calls === 0 && excluded.size === 0) {
    throw new Fault('E_EMPTY', 'There are no calls to simulate.', {
      hint: 'Send some through `llmroute serve` or `llmroute ask`, or widen --since.',
    })
  }
  return resultOf(alternative, tally, behaviour, { ...counts, since, until }, excluded)
}

function qualityOf(input: DecideInput, model: string | null): number | null {
  const state = model === null ? undefined : stateOf(input, model)
  return state === undefined ? null : predictQuality(state.ability, input.signals.difficulty.logit)
}

interface Facts {
  readonly reproduced: number
  readonly rechained: number
  readonly repriced: number
  readonly olderEngine: number
  readonly since: number | null
  readonly until: number | null
}

function resultOf(
  alternative: Alternative,
  tally: Tally,
  behaviour: Behaviour,
  facts: Facts,
  excluded: ReadonlyMap<string, number>,
): Simulation {
  const { cost, quality, savings } = intervals(tally, behaviour)
  const byModel = [...tally.models.values()].sort((a, b) => b.simulatedCost - a.simulatedCost || (a.model < b.model ? -1 : 1))
  const judged = [...tally.sessions.values()].reduce((n, s) => n + s.judged, 0)
  const doubts = doubtsOf(tally, behaviour)
  return {
    policy: alternative.name,
    calls: tally.calls,
    sessions: tally.sessions.size,
    sinceMs: facts.since,
    untilMs: facts.until,
    reproduced: facts.reproduced,
    rechained: facts.rechained,
    repriced: facts.repriced,
    olderEngine: facts.olderEngine,
    excluded: [...excluded].map(([reason, calls]) => ({ reason, calls })),
    actual: {
      cost: byModelSum(tally),
      quality: judged === 0 ? 0 : tally.actualQuality / judged,
      p50Ms: quantile(tally.actualMs, 0.5),
      p95Ms: quantile(tally.actualMs, 0.95),
    },
    simulated: { cost, quality, p50Ms: quantile(tally.simulatedMs, 0.5), p95Ms: quantile(tally.simulatedMs, 0.95) },
    savings,
    changed: tally.changed,
    byModel,
    ...doubts,
  }
}

function byModelSum(tally: Tally): number {
  let sum = 0
  for (const s of tally.sessions.values()) sum += s.actualCost
  return sum
}

/** How far the log supports the result. */
function doubtsOf(tally: Tally, behaviour: Behaviour): { readonly evidence: Evidence; readonly doubts: readonly string[] } {
  const doubts: string[] = []
  let thin = 0
  for (const { model, simulatedCalls } of tally.models.values()) {
    const seen = behaviour.observed(model)
    if (simulatedCalls === 0 || seen >= ENOUGH_CALLS) continue
    thin += simulatedCalls
    doubts.push(`${model} answered ${seen} of the logged calls and would answer ${simulatedCalls}`)
  }
  if (tally.sessions.size < ENOUGH_CALLS) doubts.push(`there are only ${tally.sessions.size} sessions`)
  const evidence = doubts.length === 0 ? 'sufficient' : thin > tally.calls / 2 ? 'insufficient' : 'weak'
  return { evidence, doubts }
}
