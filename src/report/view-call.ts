import { attemptJson, type CallDetail, type CallJson, type CallRow, callJson, type Ledger } from '../ledger/index.js'
import { notionalReader } from './notional.js'

/** A call as `log --json`, `explain --json` and the daemon's API show it. */
export interface CallView extends CallJson {
  /** The client's own credential paid: the cost is the provider's list price, not what llmroute was billed. */
  readonly costNotional: boolean
}

/** Shows calls of a ledger in the shape of `log --json`. */
export function callViewer(ledger: Ledger): (call: CallRow) => CallView {
  const notional = notionalReader(ledger)
  return (call) => ({ ...callJson(call), costNotional: notional(call) })
}

/** One call in full, as `log ID --json` shows it. */
export function viewCall(ledger: Ledger, { call, attempts, outcomes }: CallDetail) {
  return { ...callViewer(ledger)(call), attemptDetails: attempts.map(attemptJson), outcomes }
}
