import type { ReplaySettled } from '../ledger/index.js'
import { endogenousOf, fold, type State, type Tables } from '../policy/index.js'
import { checkCall, recomputeCost } from './check-call.js'
import { decidedEvent, settledEvent } from './follow.js'
import { type LoggedCall, planOf } from './logged-call.js'

/** How well a log agrees with itself: what complete rows allow to be checked without asking anyone. */
export interface LogCheck {
  readonly reproduced: number
  readonly rechained: number
  readonly repriced: number
  readonly olderEngine: number
}

export interface LogChecker {
  readonly check: LogCheck
  decided(call: LoggedCall): void
  settled(call: LoggedCall, end: ReplaySettled): void
}

/** Follows the log under its own choices from the state at its start. Every call moves the state; counted ones are compared. */
export function checkLog(tables: Tables, state: State): LogChecker {
  const check = { reproduced: 0, rechained: 0, repriced: 0, olderEngine: 0 }
  return {
    check,
    decided(call) {
      const { row, input, leaf, query } = call
      if (call.counted) {
        const found = checkCall(row, input, planOf(call), endogenousOf(state, query))
        if (!found.currentEngine) check.olderEngine++
        if (found.reproduced) check.reproduced++
        if (found.rechained) check.rechained++
      }
      if (!row.folded) fold(state, decidedEvent(row, input, planOf(call), leaf))
    },
    settled(call, end) {
      fold(state, settledEvent(call.row.id, end, call.input))
      if (call.counted && recomputeCost(end.attempts, tables.modelRev) === end.costNano) check.repriced++
    },
  }
}
