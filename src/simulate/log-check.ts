import type { Nano } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import { endogenousOf, fold, type State, type Tables } from '../policy/index.js'
import { checkCall, recomputeCost } from './check-call.js'
import { decidedEvent, settledEvent } from './follow.js'
import { type LoggedCall, planOf } from './logged-call.js'

/** How well a log agrees with itself: what complete rows allow to be checked without asking anyone. */
export interface LogCheck {
  /** Calls examined, including those that the figures leave out, since their records can be checked anyway. */
  readonly checked: number
  readonly reproduced: number
  readonly rechained: number
  readonly repriced: number
  readonly olderEngine: number
}

/** Follows the log under its own choices from the state at its start. Every call moves the state; counted ones are compared. */
export function checkLog(tables: Tables, state: State) {
  const check = { checked: 0, reproduced: 0, rechained: 0, repriced: 0, olderEngine: 0 }
  return {
    check,
    decided(call: LoggedCall): void {
      const { row, input, leaf, query } = call
      if (call.counted) {
        check.checked++
        const found = checkCall(call, planOf(call), endogenousOf(state, query), tables)
        if (!found.currentEngine) check.olderEngine++
        if (found.reproduced) check.reproduced++
        if (found.rechained) check.rechained++
      }
      if (!row.folded) fold(state, decidedEvent(row, input, planOf(call), leaf))
    },
    settled(call: LoggedCall, end: ReplaySettled): void {
      fold(state, settledEvent(call.row.id, end, call.input))
      if (call.counted && costOfEnd(end, tables) === end.costNano) check.repriced++
    },
    /** Records that say nothing that could be checked. */
    unreadable(calls: number): void {
      check.checked += calls
    },
  }
}

/** From its attempts; the real cost of a killed process's call is unknown. */
function costOfEnd({ status, attempts }: ReplaySettled, tables: Tables): Nano | null {
  return status === 'interrupted' ? null : recomputeCost(attempts, tables.modelRev)
}
