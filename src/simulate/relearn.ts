import type { ReplaySettled } from '../ledger/index.js'
import {
  type AttemptSeen,
  type DecideInput,
  emptyLearned,
  type Learned,
  learn,
  type ModelState,
  modelStates,
  type PoolEntry,
} from '../policy/index.js'
import { attemptSeen } from './attempt-seen.js'
import type { LoggedCall } from './logged-call.js'
import { lastServed, stateOf } from './served.js'

/** What was learned of models from the log as it went: the ground that other policies' learning is compared with. */
export interface LogLearner {
  readonly learned: Learned
  settled(call: LoggedCall, end: ReplaySettled): void
}

/** What a router learns depends on the models it asked, so another policy would have expected other things of them. */
export interface Relearner {
  /** The recorded expectations, moved by what this policy would have learned and the log's did not, or the other way round. */
  statesFor(input: DecideInput, models: readonly ModelState[]): readonly ModelState[]
  /** A call ended as recorded, or as imagined. Before the log's own learner is told. */
  settled(call: LoggedCall, end: ReplaySettled, imagined: AttemptSeen | null): void
}

/** Corrections are taken anew after so many calls were learned from: they move slowly, and taking them is dear. */
const KEEP_FOR = 16

export function learnFromLog(): LogLearner {
  const learned = emptyLearned()
  return {
    learned,
    settled(call, end) {
      const seen = recordedSeen(call, end)
      if (seen !== null) learn(learned, seen)
    },
  }
}

export function relearn(log: LogLearner): Relearner {
  /** Null as long as this policy has learned the same as the log. */
  let own: Learned | null = null
  let corrections = new Map<string, readonly Correction[]>()
  let learnedSince = 0
  let models: readonly ModelState[] = []

  function correctionsFor(input: DecideInput, learned: Learned, of: readonly ModelState[]): readonly Correction[] {
    if (!isSamePool(of, models)) {
      corrections = new Map()
      models = of
    }
    const { signals } = input
    const key = `${signals.task}|${signals.complexity}|${signals.tools.count > 0}|${Math.floor(Math.log2(signals.inputTokens + 1) * 2)}`
    let found = corrections.get(key)
    if (found === undefined) {
      const pool = of.map(({ rev }): PoolEntry => ({ rev, breaker: 'closed', quotaLeft: null, ability: NO_ABILITY }))
      const before = modelStates(log.learned, signals, pool)
      found = modelStates(learned, signals, pool).map((after, i) => correctionOf(before[i] as ModelState, after))
      corrections.set(key, found)
    }
    return found
  }

  return {
    statesFor(input, of) {
      if (own === null) return of
      const corrected = correctionsFor(input, own, of)
      return of.map((state, i) => corrected[i]?.(state) ?? state)
    },
    settled(call, end, imagined) {
      if (imagined !== null) own ??= structuredClone(log.learned)
      if (own === null) return
      const seen = imagined ?? recordedSeen(call, end)
      if (seen !== null) learn(own, seen)
      if (++learnedSince < KEEP_FOR) return
      learnedSince = 0
      corrections = new Map()
    },
  }
}

/** Abilities are learned from outcomes, which stay as they were. */
const NO_ABILITY = { mean: 0, se: 1 }

type Correction = (state: ModelState) => ModelState

function correctionOf(before: ModelState, after: ModelState): Correction {
  const ratio = (of: (state: ModelState) => number): number => of(after) / Math.max(1e-9, of(before))
  const [ttft, pace] = [ratio((s) => s.ttftUs), ratio((s) => s.usPerToken)]
  const [tokens, out, later] = [ratio((s) => s.tokenizerRatio), ratio((s) => s.expectedOut), ratio((s) => s.laterOut ?? s.expectedOut)]
  return (state) => ({
    ...state,
    ttftUs: Math.round(state.ttftUs * ttft),
    usPerToken: Math.round(state.usPerToken * pace),
    tokenizerRatio: Math.round(state.tokenizerRatio * tokens * 1e6) / 1e6,
    expectedOut: Math.max(1, Math.round(state.expectedOut * out)),
    laterOut: Math.max(1, Math.round((state.laterOut ?? state.expectedOut) * later)),
  })
}

function isSamePool(a: readonly ModelState[], b: readonly ModelState[]): boolean {
  return a.length === b.length && a.every((state, i) => state.rev === b[i]?.rev)
}

/** Null where nothing was learned from: a failure, or a call that another tool made. */
function recordedSeen({ row, input }: LoggedCall, end: ReplaySettled): AttemptSeen | null {
  const served = lastServed(end)
  if (row.source !== null || served === undefined || served.outcome !== 'ok') return null
  const state = stateOf(input, served.model)
  return state === undefined ? null : attemptSeen(state.rev, served, input.signals, input)
}
