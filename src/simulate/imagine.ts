import { addTo, type Nano } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import { type DecideInput, predictQuality, writeReason } from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import { trackBaselines, trackCovered } from './baselines.js'
import type { Counterfactual } from './counterfactual.js'
import { type Again, type FollowOptions, followPolicy } from './follow-policy.js'
import { type LoggedCall, planOf } from './logged-call.js'
import { addChoice } from './off-policy.js'
import { record } from './recorded-calls.js'
import { stateOf } from './served.js'
import { addCall, type CountedCall, newTally } from './tally.js'

export type Imagined = Readonly<ReturnType<typeof imagine>>

export interface ImagineOptions extends FollowOptions {
  readonly watch?: Watch | undefined
}

/** Called with every counted call and its simulated result. */
export type Watch = (call: LoggedCall, counted: CountedCall) => void

/** One other policy followed through the log, and what its results come to. */
export function imagine(alternative: Alternative, options: ImagineOptions) {
  const { behaviour, watch } = options
  const tally = newTally()
  /** Calls left out, by reason. */
  const excluded = new Map<string, number>()
  /** Of calls that are left out under this policy alone: what baselines are less by. */
  const uncounted = trackBaselines(behaviour)
  const covered = trackCovered()
  /** Counts calls that say nothing. */
  const leaveOut = (reason: string, calls: number): void => {
    if (calls > 0) addTo(excluded, reason, calls)
  }

  function ended(call: LoggedCall, end: ReplaySettled, again: Again, other: Counterfactual): void {
    if (!call.counted) return
    const { row, input: recorded, session } = call
    const { costNano } = end
    const simulated = comparedCost(other, end)
    if (end.status === 'interrupted') leaveOut('interrupted', 1)
    else if (costNano === null) leaveOut('unpriced', 1)
    else if (simulated === null) {
      leaveOut(isRefused(other, end) ? 'no model could answer under the other policy' : 'unpriced under the other policy', 1)
      record(tally.left, session, costNano, end.latencyMs)
      uncounted.settled(call, end)
    } else {
      const counted: CountedCall = {
        id: row.id,
        session,
        atMs: row.atMs,
        profile: row.profile,
        task: row.task,
        complexity: row.complexity,
        end,
        actual: costNano,
        other,
        simulated,
        quality: qualityOf(recorded, end.model),
        abilitySd: (other.model === null ? undefined : stateOf(again.input, other.model))?.abilitySd ?? 0,
        reasons: () => [writeReason(recorded, planOf(call)), writeReason(again.input, again.plan)],
      }
      addCall(tally, counted)
      covered.add(call, end, simulated)
      watch?.(call, counted)
      if (recorded.draws.length > 0) addChoice(tally.offPolicy, session, planOf(call), again.plan, costNano)
    }
  }

  const { decided, settled } = followPolicy(alternative, options, ended)
  return { alternative, tally, excluded, uncounted, covered, decided, settled, leaveOut }
}

/** A call's cost under the other policy; null where its recorded cost, or this one, is unknown, or no model could answer. */
export function comparedCost(other: Counterfactual, end: ReplaySettled): Nano | null {
  return end.status === 'interrupted' || end.costNano === null || isRefused(other, end) ? null : other.cost
}

/** A refusal costs nothing, and is no saving. */
function isRefused({ model }: Counterfactual, end: ReplaySettled): boolean {
  return model === null && end.model !== null
}

function qualityOf(input: DecideInput, model: string | null): number | null {
  const state = model === null ? undefined : stateOf(input, model)
  return state === undefined ? null : predictQuality(state.ability, input.signals.difficulty.logit)
}
