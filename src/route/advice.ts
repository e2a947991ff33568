import type { Signals } from '../classify/index.js'
import type { Fault, Nano } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import type { Understood } from './understand-call.js'

/** What another model concluded about a request, and what asking it cost. */
export interface Advice {
  readonly signals: Signals
  /** One row a question, purpose `classify`, numbered from 1. */
  readonly asked: readonly AttemptRow[]
}

/** Calls `listener` when the client disconnects, immediately if it already has. */
export type OnGone = (listener: (fault: Fault) => void) => void

/** Sets money aside for a question, before it is asked; false when a budget has less left: then it must not be asked. */
export type Hold = (amount: Nano) => boolean

/**
 * Asks another model about a request that the local classifier is unsure of; null, immediately, when no model is configured or there is no
 * doubt. Never rejects and enforces its own time limit: when an answer is late or invalid, the local one stands.
 */
export type Advise = (understood: Understood, onGone: OnGone, hold: Hold) => Promise<Advice> | null
