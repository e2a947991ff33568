import type { CallFacts, CallSettle, CallStatus, DecisionRow } from '../types.js'

/** Events in the order of `seq`. Blobs are as stored. */
export type ReplayEvent = ReplayDecided | ReplaySettled | ReplayOutcome

type DecidedFacts = Omit<CallFacts, 'decidedAtMs' | 'parentCall' | 'retryOf' | 'format' | 'difficulty' | 'reason'>

export interface ReplayDecided extends DecidedFacts, DecisionRow {
  readonly kind: 'decided'
  readonly seq: number
  /** Decided before the place where the replay starts: the state there holds this already, only what follows is yet to be folded. */
  readonly folded: boolean
  readonly atMs: number
  /** Engine of the run that decided; null for imported calls. */
  readonly engine: number | null
  readonly source: string | null
}

type SettledFacts = Pick<CallSettle, 'model' | 'costNano' | 'baselineCostNano' | 'ttftMs' | 'latencyMs' | 'attempts'>

export interface ReplaySettled extends SettledFacts {
  readonly kind: 'settled'
  readonly seq: number
  /** The decided event that this ends. */
  readonly call: number
  readonly atMs: number
  readonly status: CallStatus
}

export interface ReplayOutcome {
  readonly kind: 'outcome'
  readonly seq: number
  readonly call: number
  readonly atMs: number
  readonly outcome: string
  readonly value: number | null
}

export interface ReplayRange {
  /**
   * First `seq` to give; by default the first that pruning has left, where `checkpoint()` has the state to start from. Calls
   * decided before it with an end or an outcome after it come first, marked as `folded`.
   */
  readonly fromSeq?: number
  /** Events from this `seq` on are left out. */
  readonly untilSeq?: number
  /** Rows a page; memory against speed. */
  readonly page?: number
}
