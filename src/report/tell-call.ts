import type { ModelRev } from '../catalog/types.js'
import { attemptJson, type CallDetail, type CallJson, type CallRow, callJson, type Ledger } from '../ledger/index.js'

/** A call as `log --json`, `explain --json` and the daemon's API show it. */
export interface CallTold extends CallJson {
  /** The client's own credential paid: the cost is what the provider's list says, not what llmroute was billed. */
  readonly costNotional: boolean
}

/** Tells calls of a ledger in the shape of `log --json`. */
export function callTeller(ledger: Ledger): (call: CallRow) => CallTold {
  const notional = notionalReader(ledger)
  return (call) => ({ ...callJson(call), costNotional: notional(call) })
}

/** One call in full, as `log ID --json` shows it. */
export function tellCall(ledger: Ledger, { call, attempts, outcomes }: CallDetail) {
  return { ...callTeller(ledger)(call), attemptDetails: attempts.map(attemptJson), outcomes }
}

/** Tells whether the client's own credential paid for a call, by the revision of the model that answered. */
export function notionalReader(ledger: Ledger): (call: CallRow) => boolean {
  const revs = [...ledger.modelRevs()].map(([hash, json]) => ({ hash, ...(JSON.parse(json) as ModelRev) }))
  const notional = revs.filter((rev) => rev.notional)
  if (notional.length === 0) return () => false
  const models = new Set(notional.map(({ id }) => id))
  const hashes = new Set(notional.map(({ hash }) => hash))
  // A provider's configuration may have changed: only where it has, the attempt itself is looked at.
  const mixed = new Set(revs.filter((rev) => !rev.notional && models.has(rev.id)).map(({ id }) => id))
  return ({ id, model }) => {
    if (model === null || !models.has(model)) return false
    if (!mixed.has(model)) return true
    return ledger.attemptsOf(id).some((a) => a.purpose === 'serve' && a.model === model && hashes.has(a.modelRev))
  }
}
