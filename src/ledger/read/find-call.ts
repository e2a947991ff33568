import { Fault } from '../../kit/index.js'
import type { Ledger } from '../ledger.js'
import type { CallDetail } from '../rows.js'

/** A call by the first characters of its id, or the newest one as `last`. Throws E_NOT_FOUND, and E_USAGE when several ids begin so. */
export function findCall(ledger: Ledger, id: string): CallDetail {
  const found = ledger.getCall(id === 'last' ? (ledger.listCalls({ limit: 1 })[0]?.id ?? id) : id)
  if (found !== null) return found
  const shown = id.length > 40 ? `${id.slice(0, 40)}…` : id
  throw new Fault('E_NOT_FOUND', `There is no call ${shown} in the ledger.`, { hint: 'List the calls with `llmroute log`.', final: true })
}
