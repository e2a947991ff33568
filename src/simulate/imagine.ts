import type { ReplayDecided, ReplaySettled } from '../ledger/index.js'
import {
  type DecideInput,
  decide,
  emptyState,
  endogenousOf,
  fold,
  type Plan,
  type PrefixLink,
  predictQuality,
  type StateQuery,
} from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import { counterfactual } from './counterfactual.js'
import { decidedEvent, settledEvent, simulatedSettledEvent } from './follow.js'
import { trackDrift } from './history-drift.js'
import type { Behaviour } from './measure-models.js'
import { stateOf } from './served.js'
import { addCall, newTally, type Tally } from './tally.js'

/** A call of the log, decoded, with what it asked of the state. */
export interface LoggedCall {
  readonly row: ReplayDecided
  readonly input: DecideInput
  readonly plan: Plan
  readonly leaf: PrefixLink | null
  readonly query: StateQuery
}

/** One other policy followed through the log: its own state, its own choices, and what they come to. */
export interface Imagined {
  readonly alternative: Alternative
  readonly tally: Tally
  /** Calls left out, by reason. */
  readonly excluded: ReadonlyMap<string, number>
  decided(call: LoggedCall): void
  settled(call: LoggedCall, end: ReplaySettled, counted: boolean): void
  /** A counted call that never ended. */
  leftOpen(call: LoggedCall): void
}

export function imagine(alternative: Alternative, behaviour: Behaviour, includePinned: boolean): Imagined {
  const state = emptyState()
  const history = trackDrift()
  const tally = newTally()
  const excluded = new Map<string, number>()
  const open = new Map<number, { readonly input: DecideInput; readonly plan: Plan }>()
  const exclude = (reason: string): void => {
    excluded.set(reason, (excluded.get(reason) ?? 0) + 1)
  }

  /** The call as it would have been decided. A pinned one stays as it was, unless asked for; an imported one is decided. */
  function decideAgain(call: LoggedCall): { readonly input: DecideInput; readonly plan: Plan } {
    const { row, input: recorded, query } = call
    if (row.mode === 'pinned' && row.source === null && !includePinned) return { input: recorded, plan: call.plan }
    const models = alternative.modelsFor?.(recorded) ?? recorded.models
    const asked = models === recorded.models ? query : { ...query, models: models.map((m) => m.rev) }
    const policy = alternative.policyFor(recorded, row.profile)
    const input = { ...recorded, policy, models, pinned: null, endogenous: endogenousOf(state, asked) }
    return { input, plan: decide(input) }
  }

  return {
    alternative,
    tally,
    excluded,
    decided(call) {
      const again = decideAgain(call)
      fold(state, decidedEvent(call.row, again.input, again.plan, call.leaf))
      open.set(call.row.seq, again)
    },
    settled(call, end, counted) {
      const { row, input: recorded, leaf } = call
      const again = open.get(row.seq)
      if (again === undefined) return
      open.delete(row.seq)
      const drift = history.before(row.session, leaf)
      const result = counterfactual({ recorded, ...again, settled: end, behaviour, drift })
      history.after(row.session, leaf, result.longer)
      fold(
        state,
        result.exact ? settledEvent(row.id, end, recorded) : simulatedSettledEvent(row.id, end, again.input, result.model, result.cost),
      )
      if (!counted) return
      const { costNano } = end
      if (end.status === 'interrupted') exclude('interrupted')
      else if (costNano === null) exclude('unpriced')
      else if (result.cost === null) exclude('unpriced under the other policy')
      else
        addCall(tally, {
          id: row.id,
          session: row.session ?? row.id,
          task: row.task,
          end: { ...end, costNano },
          other: { ...result, cost: result.cost },
          quality: qualityOf(recorded, end.model),
          reasons: () => [call.plan.reason, again.plan.reason],
        })
    },
    leftOpen: () => exclude('still running'),
  }
}

function qualityOf(input: DecideInput, model: string | null): number | null {
  const state = model === null ? undefined : stateOf(input, model)
  return state === undefined ? null : predictQuality(state.ability, input.signals.difficulty.logit)
}
