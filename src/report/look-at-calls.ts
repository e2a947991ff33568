import type { ModelRev } from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import type { CallDetail, DecisionRow, Ledger, TimeRange } from '../ledger/index.js'
import { type DecideInput, decodeInput, decodePlan, decodeSignals, type Plan, type ResolvedPolicy } from '../policy/index.js'

/** A call with everything known of it; `decision` is null for a record of a version that cannot be read any more. */
export interface SeenCall extends Pick<CallDetail, 'call' | 'attempts' | 'outcomes'> {
  readonly decision: Decision | null
}

/** The newest calls that are read one by one, for what hourly totals do not contain. */
const LOOKED_AT = 5000

/** Calls that llmroute decided itself and that are over, newest first. */
export function lookAtCalls(ledger: Ledger, range: TimeRange): readonly SeenCall[] {
  const read = decisionReader(ledger)
  return ledger.listCalls({ ...range, source: null, limit: LOOKED_AT }).flatMap((row): SeenCall[] => {
    const detail = row.status === 'running' ? null : ledger.getCall(row.id)
    if (detail === null) return []
    const { call, attempts, outcomes } = detail
    return [{ call, attempts, outcomes, decision: orNull(() => read(detail.decision)) }]
  })
}

/** A report leaves out what cannot be read. */
function orNull(read: () => Decision): Decision | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof Fault && error.code === 'E_LEDGER') return null
    throw error
  }
}

/** Outcome kinds that mean a move to a stronger model. */
export const ESCALATIONS: readonly string[] = ['ladder', 'cascade']

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
