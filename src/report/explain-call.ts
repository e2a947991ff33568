import type { CallDetail, Ledger } from '../ledger/index.js'
import { type Explanation, explain } from './explain.js'
import { decisionReader } from './read-decision.js'
import { type CallTold, callTeller } from './tell-call.js'

/** Why a recorded call was decided as it was, as `explain --json` shows it. Throws E_LEDGER for a damaged row. */
export function explainCall(ledger: Ledger, { call, decision }: CallDetail): Explanation<CallTold> {
  return explain(callTeller(ledger)(call), decisionReader(ledger)(decision))
}
