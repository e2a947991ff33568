import { remembered } from '../kit/index.js'
import type { ReplayDecided } from '../ledger/index.js'
import {
  type AttemptSeen,
  type DecideInput,
  decidePlain,
  decodeInput,
  decodeSignals,
  type Plan,
  type PrefixLink,
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
