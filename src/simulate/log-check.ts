import type { ReplayDecided, ReplaySettled } from '../ledger/index.js'
import {
  type DecideInput,
  emptyState,
  endogenousOf,
  fold,
  type Plan,
  type PrefixLink,
  type StateQuery,
  type Tables,
} from '../policy/index.js'
import { checkCall, recomputeCost } from './check-call.js'
import { decidedEvent, settledEvent } from './follow.js'

/** How well a log agrees with itself: what RECORD-complete rows allow to be checked without asking anyone. */
export interface LogCheck {
  readonly reproduced: number
  readonly rechained: number
  readonly repriced: number
  readonly olderEngine: number
  readonly sinceMs: number | null
  readonly untilMs: number | null
}

export interface LogChecker extends LogCheck {
  decided(
    row: ReplayDecided,
    input: DecideInput,
    plan: Plan,
    seen: { readonly leaf: PrefixLink | null; readonly query: StateQuery },
    counted: boolean,
  ): void
  settled(row: ReplayDecided, end: ReplaySettled, input: DecideInput, counted: boolean): void
}

/** Follows the log under its own choices. Every call moves the state; counted ones are compared. */
export function checkLog(tables: Tables): LogChecker {
  const state = emptyState()
  const check = { reproduced: 0, rechained: 0, repriced: 0, olderEngine: 0, sinceMs: null as number | null, untilMs: null as number | null }
  return Object.assign(check, {
    decided(
      row: ReplayDecided,
      input: DecideInput,
      plan: Plan,
      { leaf, query }: { leaf: PrefixLink | null; query: StateQuery },
      counted: boolean,
    ) {
      if (counted) {
        const found = checkCall(row, input, plan, endogenousOf(state, query))
        if (!found.currentEngine) check.olderEngine++
        if (found.reproduced) check.reproduced++
        if (found.rechained) check.rechained++
        check.sinceMs ??= row.atMs
        check.untilMs = row.atMs
      }
      fold(state, decidedEvent(row, input, plan, leaf))
    },
    settled(row: ReplayDecided, end: ReplaySettled, input: DecideInput, counted: boolean) {
      fold(state, settledEvent(row.id, end, input))
      if (counted && recomputeCost(end.attempts, tables.modelRev) === end.costNano) check.repriced++
    },
  })
}
