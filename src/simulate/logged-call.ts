import type { ModelRev } from '../catalog/index.js'
import { remembered } from '../kit/index.js'
import type { Ledger, ReplayDecided } from '../ledger/index.js'
import {
  type AttemptSeen,
  type DecideInput,
  decidePlain,
  decodeInput,
  decodeSignals,
  type Plan,
  type PrefixLink,
  type ResolvedPolicy,
  type StateQuery,
  type Tables,
} from '../policy/index.js'
import { queryOf } from './follow.js'

/** A call of the log, decoded, with what it needed from the state. */
export interface LoggedCall {
  readonly row: ReplayDecided
  readonly input: DecideInput
  readonly leaf: PrefixLink | null
  readonly query: StateQuery
  /** Number of its session; a call without one is a separate session. */
  readonly session: number
  /** Whether it is within the range that is asked about. */
  readonly counted: boolean
  /** The recorded decision, made again when first asked for. */
  plan: Plan | null
  /** What a router learned from it; absent before it has ended. */
  seen: AttemptSeen | null | undefined
}

export function loggedCall(row: ReplayDecided, input: DecideInput, leaf: PrefixLink | null, session: number, counted: boolean): LoggedCall {
  return { row, input, leaf, query: queryOf(row, input, leaf), session, counted, plan: null, seen: undefined }
}

export function planOf(call: LoggedCall): Plan {
  call.plan ??= decidePlain(call.input)
  return call.plan
}

/** The inputs of a call's decision; null when its bytes are invalid. */
export function readInput(row: ReplayDecided, tables: Tables): DecideInput | null {
  try {
    return decodeInput(row.input, decodeSignals(row.signals), tables)
  } catch {
    return null
  }
}

/** Numbers for keys, in the order of their first use. */
export function newNumbering() {
  const keys: string[] = []
  return { of: remembered((key: string) => keys.push(key) - 1), key: (n: number) => keys[n] ?? '' }
}

/** Policies and model revisions of a ledger, each parsed once when first asked for. */
export function readTables(ledger: Pick<Ledger, 'policies' | 'modelRevs'>): Tables {
  return { policy: lazily<ResolvedPolicy>(() => ledger.policies()), modelRev: lazily<ModelRev>(() => ledger.modelRevs()) }
}

/** The ledger's model revisions, the newest of a model last, without those that only price its fast mode and have its id. */
export function modelsLogged(ledger: Pick<Ledger, 'modelRevs'>): readonly ModelRev[] {
  return [...ledger.modelRevs().values()].map((json) => JSON.parse(json) as ModelRev).filter(({ fast }) => !fast)
}

function lazily<T>(read: () => ReadonlyMap<string, string>): (hash: string) => T | undefined {
  const parsed = new Map<string, T | undefined>()
  let json = read()
  return (hash) => {
    if (parsed.has(hash)) return parsed.get(hash)
    // A daemon that serves meanwhile may have written it since, with the calls that name it.
    if (!json.has(hash)) json = read()
    const text = json.get(hash)
    const value = text === undefined || text === '' ? undefined : (JSON.parse(text) as T)
    parsed.set(hash, value)
    return value
  }
}
