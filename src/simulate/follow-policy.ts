import { type ReplaySettled, VERIFICATION } from '../ledger/index.js'
import {
  type DecideInput,
  decidePlain,
  type Endogenous,
  endogenousOf,
  fold,
  type Learned,
  type ModelState,
  type Plan,
  type State,
} from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import type { Behaviour } from './behaviour.js'
import { type Counterfactual, counterfactual } from './counterfactual.js'
import { decidedEvent, settledEvent, simulatedSettledEvent } from './follow.js'
import { type Drift, trackDrift } from './history-drift.js'
import { type LoggedCall, planOf } from './logged-call.js'
import { relearn } from './relearn.js'

/** The call as it would have been decided. */
export interface Again {
  readonly input: DecideInput
  readonly plan: Plan
  readonly drift: Drift
}

export interface FollowOptions {
  readonly behaviour: Behaviour
  readonly includePinned: boolean
  /** The state at the start of the log, owned by this policy from now on. */
  readonly state: State
}

/** Called with every call that ended, and how it would have. */
export type Ended = (call: LoggedCall, end: ReplaySettled, again: Again, result: Counterfactual) => void

/** Follows one other policy through the log: its own state, its own choices, and how calls would have ended. */
export function followPolicy(alternative: Alternative, { behaviour, includePinned, state }: FollowOptions, ended: Ended) {
  const history = trackDrift()
  const learning = relearn()
  const open = new Map<number, Again>()

  /** A pinned call stays unchanged, unless requested otherwise; so does one that checked a simulation. An imported one is decided. */
  function decideAgain(call: LoggedCall, known: Learned): Again {
    const { row, input: recorded, query } = call
    const drift = history.before(row.session, call.leaf)
    if (row.source === VERIFICATION || (row.mode === 'pinned' && row.source === null && !includePinned))
      return { input: atPrices(grown(recorded, drift), alternative), plan: planOf(call), drift }
    const pool = alternative.modelsFor?.(recorded) ?? recorded.models
    // Calls of other tools were decided on the catalog alone.
    const models = row.source === null ? learning.statesFor(recorded, pool, known) : pool
    const policy = alternative.policyFor(recorded, row.profile)
    const own = pool === recorded.models ? query : { ...query, models: models.map((m) => m.rev) }
    const asked = policy.experiment === own.experiment ? own : { ...own, experiment: policy.experiment }
    const signals = grownSignals(recorded.signals, drift)
    const endogenous = grownEndogenous(endogenousOf(state, asked), drift)
    const input = inputUnder(recorded, policy, models, signals, endogenous, alternative.deadlineFor?.(recorded) ?? recorded.deadlineMs)
    return { input, plan: decidePlain(input), drift }
  }

  return {
    /** Number of calls that have not ended. */
    open: () => open.size,
    /** `known`: what the log had taught a router by then. */
    decided(call: LoggedCall, known: Learned): void {
      const again = decideAgain(call, known)
      if (!call.row.folded) fold(state, decidedEvent(call.row, again.input, again.plan, call.leaf))
      open.set(call.row.seq, again)
    },
    settled(call: LoggedCall, end: ReplaySettled, known: Learned): void {
      const { row, input: recorded, leaf } = call
      const again = open.get(row.seq)
      if (again === undefined) return
      open.delete(row.seq)
      const result = counterfactual({ logged: call, input: again.input, plan: again.plan, drift: again.drift, settled: end, behaviour })
      history.after(row.session, leaf, result.longer)
      learning.settled(call, end, result.seen, known)
      fold(state, result.exact ? settledEvent(row.id, end, recorded, result.cost) : simulatedSettledEvent(row.id, end, again.input, result))
      ended(call, end, again, result)
    },
  }
}

/** The models at the prices asked about. */
function atPrices(input: DecideInput, alternative: Alternative): DecideInput {
  if (alternative.priced === undefined) return input
  return { ...input, models: alternative.priced(input.models) }
}

/** The prompt, and its warm part, adjusted to the conversation's simulated length. */
function grown(input: DecideInput, drift: Drift): DecideInput {
  const { signals, endogenous } = input
  return drift.tokens === 0 ? input : { ...input, signals: grownSignals(signals, drift), endogenous: grownEndogenous(endogenous, drift) }
}

function grownSignals(signals: DecideInput['signals'], drift: Drift): DecideInput['signals'] {
  return drift.tokens === 0 ? signals : { ...signals, inputTokens: Math.max(1, Math.round(signals.inputTokens + drift.tokens)) }
}

function grownEndogenous(endogenous: Endogenous, drift: Drift): Endogenous {
  if (drift.tokens === 0 || endogenous.warm.length === 0) return endogenous
  const warm = endogenous.warm.map((w) => ({ ...w, tokens: Math.max(1, Math.round(w.tokens + drift.at(w.prefix))) }))
  return { ...endogenous, warm }
}

/** Written out: the same copy by spreading takes several times as long, and a sweep makes tens of millions. */
function inputUnder(
  recorded: DecideInput,
  policy: DecideInput['policy'],
  models: readonly ModelState[],
  signals: DecideInput['signals'],
  endogenous: Endogenous,
  deadlineMs: number | null,
): DecideInput {
  const input: { -readonly [K in keyof DecideInput]: DecideInput[K] } = {
    policy,
    atMs: recorded.atMs,
    tzMin: recorded.tzMin,
    signals,
    mode: recorded.mode,
    kind: recorded.kind,
    stream: recorded.stream,
    cacheMarks: recorded.cacheMarks,
    models,
    pinned: null,
    tier: recorded.tier,
    limit: recorded.limit,
    deadlineMs,
    tags: recorded.tags,
    client: recorded.client,
    endogenous,
    draws: recorded.draws,
  }
  if (recorded.deadlineOfProfile === true) input.deadlineOfProfile = true
  return input
}
