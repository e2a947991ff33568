import type { Signals } from '../classify/index.js'
import type { Fault, Nano } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import type { Understood } from './understand-call.js'

/** What somebody who was asked made of a request, and what the asking cost. */
export interface Advice {
  readonly signals: Signals
  /** One row a question, purpose `classify`, numbered from 1. */
  readonly asked: readonly AttemptRow[]
}

/** Has `listener` called when the client goes away, at once if it is gone already. */
export type OnGone = (listener: (fault: Fault) => void) => void

/** Sets money aside for a question, before it is asked; false when a budget has less left: then it must not be asked. */
export type Hold = (amount: Nano) => boolean

/**
 * Asks about a request that the local classifier is unsure of; null, at once, when there is nobody to ask or nothing to ask about.
 * Never rejects and keeps its own time: when an answer is late or bad, the local one stands.
 */
export type Advise = (understood: Understood, onGone: OnGone, hold: Hold) => Promise<Advice> | null
