import { type ReplaySettled, VERIFICATION } from '../ledger/index.js'
import {
  type DecideInput,
  decidePlain,
  type Endogenous,
  endogenousOf,
  fold,
  type ModelState,
  type Plan,
  predictQuality,
  type State,
  writeReason,
} from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import { type BaselineTracker, type CoveredTracker, trackBaselines, trackCovered } from './baselines.js'
import type { Behaviour } from './behaviour.js'
import { type Counterfactual, counterfactual } from './counterfactual.js'
import { decidedEvent, settledEvent, simulatedSettledEvent } from './follow.js'
import { type Drift, trackDrift } from './history-drift.js'
import { type LoggedCall, planOf } from './logged-call.js'
import { addChoice } from './off-policy.js'
import { type LogLearner, relearn } from './relearn.js'
import { stateOf } from './served.js'
import { addCall, type CountedCall, newTally, type Tally } from './tally.js'

/** One other policy followed through the log: its own state, its own choices, and their results. */
export interface Imagined {
  readonly alternative: Alternative
  readonly tally: Tally
  /** Calls left out, by reason. */
  readonly excluded: ReadonlyMap<string, number>
  /** Of calls that are left out under this policy alone: what baselines are less by. */
  readonly uncounted: BaselineTracker
  readonly covered: CoveredTracker
  decided(call: LoggedCall): void
  settled(call: LoggedCall, end: ReplaySettled): void
  /** Counts calls that say nothing. */
  leaveOut(reason: string, calls: number): void
}

/** The call as it would have been decided. */
interface Again {
  readonly input: DecideInput
  readonly plan: Plan
  readonly drift: Drift
}

export interface ImagineOptions {
  readonly behaviour: Behaviour
  readonly includePinned: boolean
  /** The state at the start of the log, owned by this policy from now on. */
  readonly state: State
  readonly log: LogLearner
  readonly watch?: Watch | undefined
}

/** Called with every counted call and its simulated result. */
export type Watch = (call: LoggedCall, counted: CountedCall) => void

export function imagine(alternative: Alternative, { behaviour, includePinned, state, log, watch }: ImagineOptions): Imagined {
  const history = trackDrift()
  const learning = relearn(log)
  const tally = newTally()
  const excluded = new Map<string, number>()
  const uncounted = trackBaselines(behaviour)
  const covered = trackCovered()
  const open = new Map<number, Again>()
  const leaveOut = (reason: string, calls: number): void => {
    if (calls > 0) excluded.set(reason, (excluded.get(reason) ?? 0) + calls)
  }

  /** A pinned call stays unchanged, unless requested otherwise; so does one that checked a simulation. An imported one is decided. */
  function decideAgain(call: LoggedCall): Again {
    const { row, input: recorded, query } = call
    const drift = history.before(row.session, call.leaf)
    if (row.source === VERIFICATION || (row.mode === 'pinned' && row.source === null && !includePinned))
      return { input: atPrices(grown(recorded, drift), alternative), plan: planOf(call), drift }
    const known = alternative.modelsFor?.(recorded) ?? recorded.models
    // Calls of other tools were decided on the catalog alone.
    const models = row.source === null ? learning.statesFor(recorded, known) : known
    const policy = alternative.policyFor(recorded, row.profile)
    const own = known === recorded.models ? query : { ...query, models: models.map((m) => m.rev) }
    const asked = policy.experiment === own.experiment ? own : { ...own, experiment: policy.experiment }
    const signals = grownSignals(recorded.signals, drift)
    const endogenous = grownEndogenous(endogenousOf(state, asked), drift)
    const input = inputUnder(recorded, policy, models, signals, endogenous, alternative.deadlineFor?.(recorded) ?? recorded.deadlineMs)
    return { input, plan: decidePlain(input), drift }
  }

  return {
    alternative,
    tally,
    excluded,
    uncounted,
    covered,
    decided(call) {
      const again = decideAgain(call)
      if (!call.row.folded) fold(state, decidedEvent(call.row, again.input, again.plan, call.leaf))
      open.set(call.row.seq, again)
    },
    settled(call, end) {
      const { row, input: recorded, leaf } = call
      const again = open.get(row.seq)
      if (again === undefined) return
      open.delete(row.seq)
      const result = counterfactual({ logged: call, input: again.input, plan: again.plan, drift: again.drift, settled: end, behaviour })
      history.after(row.session, leaf, result.longer)
      learning.settled(call, end, result.seen)
      fold(state, result.exact ? settledEvent(row.id, end, recorded, result.cost) : simulatedSettledEvent(row.id, end, again.input, result))
      if (!call.counted) return
      const { costNano } = end
      const impossible = impossibleBy(result, end)
      if (end.status === 'interrupted') leaveOut('interrupted', 1)
      else if (costNano === null) leaveOut('unpriced', 1)
      else if (result.cost === null || impossible !== null) {
        leaveOut(impossible ?? 'unpriced under the other policy', 1)
        tally.left.push({ session: call.session, actual: costNano, latencyMs: end.latencyMs })
        uncounted.settled(call, end)
      } else {
        const counted: CountedCall = {
          id: row.id,
          session: call.session,
          atMs: row.atMs,
          profile: row.profile,
          task: row.task,
          complexity: row.complexity,
          end,
          actual: costNano,
          other: result,
          simulated: result.cost,
          quality: qualityOf(recorded, end.model),
          abilitySd: (result.model === null ? undefined : stateOf(again.input, result.model))?.abilitySd ?? 0,
          reasons: () => [writeReason(recorded, planOf(call)), writeReason(again.input, again.plan)],
        }
        addCall(tally, counted)
        covered.add(call, end, result.cost)
        watch?.(call, counted)
        if (recorded.draws.length > 0) addChoice(tally.offPolicy, call.session, planOf(call), again.plan, costNano)
      }
    },
    leaveOut,
  }
}

/** A refusal costs nothing, and is no saving. */
function impossibleBy({ model }: Counterfactual, end: ReplaySettled): string | null {
  return model === null && end.model !== null ? 'no model could answer under the other policy' : null
}

/** The models at the prices asked about. */
function atPrices(input: DecideInput, alternative: Alternative): DecideInput {
  if (alternative.priced === undefined) return input
  return { ...input, models: input.models.map((m) => ({ ...m, rev: alternative.priced?.(m.rev) ?? m.rev })) }
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

function qualityOf(input: DecideInput, model: string | null): number | null {
  const state = model === null ? undefined : stateOf(input, model)
  return state === undefined ? null : predictQuality(state.ability, input.signals.difficulty.logit)
}
