import type { ReplaySettled } from '../ledger/index.js'
import { type AttemptSeen, copyExpectations, type DecideInput, type Learned, learn, type ModelState } from '../policy/index.js'
import { compareLearned } from './compare-learned.js'
import type { LoggedCall } from './logged-call.js'
import { attemptSeen, lastServed, stateOf } from './served.js'

/** Corrections are recomputed after this many learned calls: they change slowly, and computing them is expensive. */
const KEEP_FOR = 16

/**
 * What is known from the log after this call, the reference for other policies' learning. The rest stays as it is: policies go through the
 * log one after another, and each asks for what was known at its step.
 */
export function learnFromLog(known: Learned, call: LoggedCall, end: ReplaySettled): Learned {
  const seen = recordedSeen(call, end)
  return seen === null ? known : learn(copyExpectations(known), seen)
}

/** What a router learns depends on the models it asked, so another policy would have had other expectations of them. */
export function relearn() {
  /** Null as long as this policy has learned the same as the log. */
  let own: Learned | null = null
  let differences: ReturnType<typeof compareLearned> | null = null
  let learnedSince = 0

  return {
    /** The recorded expectations, moved by what this policy would have learned and the log's did not, or the other way round. */
    statesFor({ signals }: DecideInput, models: readonly ModelState[], known: Learned): readonly ModelState[] {
      if (own === null) return models
      differences ??= compareLearned(own)
      return differences.correct(models, signals, known)
    },
    /** A call ended as recorded, or as imagined; `known` is from the log before it. */
    settled(call: LoggedCall, end: ReplaySettled, imagined: AttemptSeen | null, known: Learned): void {
      if (imagined !== null) own ??= copyExpectations(known)
      if (own === null) return
      const seen = imagined ?? recordedSeen(call, end)
      if (seen !== null) own = learn(own, seen)
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
