import type { AttemptRow, CallSettle } from '../ledger/types.js'
import type { DecidedCall } from './call.js'

/** A call and how it ended, for those who learn from it or count it. */
export interface SettledCall {
  readonly call: DecidedCall
  readonly row: CallSettle
  /** The attempt that the client saw; null when none. */
  readonly served: AttemptRow | null
}
