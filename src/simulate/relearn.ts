import type { ReplaySettled } from '../ledger/index.js'
import {
  type AttemptSeen,
  copyLearned,
  correctionsOf,
  type DecideInput,
  emptyLearned,
  type Learned,
  learnExpectations,
  type ModelState,
} from '../policy/index.js'
import { attemptSeen } from './attempt-seen.js'
import { compareLearned } from './compare-learned.js'
import type { LoggedCall } from './logged-call.js'
import { lastServed, stateOf } from './served.js'

/** Corrections are recomputed after this many learned calls: they change slowly, and computing them is expensive. */
const KEEP_FOR = 16

export type LogLearner = ReturnType<typeof learnFromLog>

/** What was learned about models from the log as it went: the reference for other policies' learning. */
export function learnFromLog() {
  const learned = emptyLearned()
  return {
    learned,
    settled(call: LoggedCall, end: ReplaySettled): void {
      const seen = recordedSeen(call, end)
      if (seen !== null) learnExpectations(learned, seen)
    },
  }
}

/** What a router learns depends on the models it asked, so another policy would have had other expectations of them. */
export function relearn(log: LogLearner) {
  /** Null as long as this policy has learned the same as the log. */
  let own: Learned | null = null
  let differences: ReturnType<typeof compareLearned> | null = null
  let learnedSince = 0

  return {
    /** The recorded expectations, moved by what this policy would have learned and the log's did not, or the other way round. */
    statesFor({ signals }: DecideInput, models: readonly ModelState[]): readonly ModelState[] {
      if (own === null) return models
      differences ??= compareLearned(correctionsOf(log.learned), correctionsOf(own))
      return differences.correct(models, signals)
    },
    /** A call ended as recorded, or as imagined. Before the log's own learner sees it. */
    settled(call: LoggedCall, end: ReplaySettled, imagined: AttemptSeen | null): void {
      if (imagined !== null) own ??= copyLearned(log.learned)
      if (own === null) return
      const seen = imagined ?? recordedSeen(call, end)
      if (seen !== null) learnExpectations(own, seen)
      if (++learnedSince < KEEP_FOR) return
      learnedSince = 0
      differences = null
    },
  }
}

/** Null where nothing was learned from: a failure, or a call that another tool made. Every policy that is followed asks for it. */
function recordedSeen(call: LoggedCall, end: ReplaySettled): AttemptSeen | null {
  if (call.seen === undefined) call.seen = seenOf(call, end)
  return call.seen
}

function seenOf({ row, input }: LoggedCall, end: ReplaySettled): AttemptSeen | null {
  const served = lastServed(end)
  if (row.source !== null || served === undefined || served.outcome !== 'ok') return null
  const state = stateOf(input, served.model)
  return state === undefined ? null : attemptSeen(state.rev, served, input.signals, input)
}
