import type { Nano } from '../kit/index.js'
import type { AttemptRow, CallStatus, Reservation } from './types.js'

/** Events in the order of `seq`. Blobs are as stored. */
export type ReplayEvent = ReplayDecided | ReplaySettled | ReplayOutcome

export interface ReplayDecided {
  readonly kind: 'decided'
  readonly seq: number
  /** Decided before the place where the replay starts: the state there holds this already, only what follows is yet to be folded. */
  readonly folded: boolean
  readonly id: string
  readonly atMs: number
  readonly tzMin: number
  /** Engine of the run that decided; null for imported calls. */
  readonly engine: number | null
  readonly source: string | null
  readonly session: string | null
  readonly turn: number
  readonly sideKind: string | null
  readonly client: string
  readonly key: string | null
  readonly tier: string | null
  readonly tags: readonly string[]
  readonly mode: 'auto' | 'pinned' | 'alias'
  readonly profile: string
  readonly requestedModel: string
  readonly chosen: string | null
  readonly baseline: string | null
  readonly rule: string | null
  readonly task: string
  readonly complexity: string
  readonly inputTokensEstimate: number
  readonly stream: boolean
  readonly policyHash: string
  readonly classifierHash: string
  readonly prefixLeaf: number | null
  readonly breakpoints: readonly number[]
  readonly limit: number | null
  readonly reservations: readonly Reservation[]
  readonly stateHash: string
  readonly signals: Uint8Array
  readonly input: Uint8Array
  readonly plan: Uint8Array
}

export interface ReplaySettled {
  readonly kind: 'settled'
  readonly seq: number
  /** The decided event that this ends. */
  readonly call: number
  readonly atMs: number
  readonly status: CallStatus
  readonly model: string | null
  readonly costNano: Nano | null
  readonly baselineCostNano: Nano | null
  readonly ttftMs: number | null
  readonly latencyMs: number | null
  readonly attempts: readonly AttemptRow[]
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
