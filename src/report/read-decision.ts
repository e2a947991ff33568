import type { ModelRev } from '../catalog/index.js'
import type { DecisionRow, Ledger } from '../ledger/index.js'
import { type DecideInput, decodeInput, decodePlan, decodeSignals, type Plan, type ResolvedPolicy } from '../policy/index.js'

/** The inputs of a call's decision, and its result. */
export interface Decision {
  readonly input: DecideInput
  readonly plan: Plan
}

/** Reads stored decisions back. Policies and revisions are looked up once per hash. Throws E_LEDGER for a damaged row. */
export function decisionReader(ledger: Ledger): (row: DecisionRow) => Decision {
  const policy = parsed<ResolvedPolicy>(ledger.policies())
  const modelRev = parsed<ModelRev>(ledger.modelRevs())
  return (row) => {
    const input = decodeInput(row.input, decodeSignals(row.signals), { policy, modelRev })
    return { input, plan: decodePlan(row.plan, input) }
  }
}

function parsed<T>(jsonByHash: ReadonlyMap<string, string>): (hash: string) => T | undefined {
  const known = new Map<string, T>()
  return (hash) => {
    const json = jsonByHash.get(hash)
    const value = known.get(hash) ?? (json === undefined ? undefined : (JSON.parse(json) as T))
    if (value !== undefined) known.set(hash, value)
    return value
  }
}
