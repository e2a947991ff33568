import { costOf, type ModelRev } from '../catalog/index.js'
import type { Nano } from '../kit/index.js'
import type { AttemptRow, ReplayDecided, ReplaySettled } from '../ledger/index.js'
import { type DecideInput, ENGINE, endogenousOf, fold, isSamePlan, type Plan, type State, stateHash, type Tables } from '../policy/index.js'
import { decidedEvent, settledEvent } from './follow.js'
import { type LoggedCall, planOf } from './logged-call.js'
import { usageOf } from './served.js'

/** How well a log agrees with itself: what complete rows allow to be checked without asking anyone. */
export interface LogCheck {
  /** Calls examined, including those that the figures leave out, since their records can be checked anyway. */
  readonly checked: number
  /** Calls whose decision was made again exactly, order included. */
  readonly reproduced: number
  /** Calls whose endogenous state, rebuilt from events alone, is the recorded one. */
  readonly rechained: number
  /** Calls whose cost, recomputed from usage and stored rates, is the recorded one: unknown for a call that was interrupted. */
  readonly repriced: number
  /** Calls of another engine: reported, not failures. */
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
        const again = planOf(call)
        check.checked++
        if (row.engine !== null && row.engine !== ENGINE) check.olderEngine++
        if (isSamePlan(again, input, row.plan) && isInputOf(row, input, again, tables)) check.reproduced++
        if (stateHash(endogenousOf(state, query)) === row.stateHash) check.rechained++
      }
      if (!row.folded) fold(state, decidedEvent(row, input, planOf(call), leaf))
    },
    settled(call: LoggedCall, end: ReplaySettled): void {
      fold(state, settledEvent(call.row.id, end, call.input))
      if (!call.counted) return
      // What a killed process's call really cost is unknown.
      const cost = end.status === 'interrupted' ? null : recomputeCost(end.attempts, tables.modelRev)
      if (cost === end.costNano) check.repriced++
    },
    /** Records that say nothing that could be checked. */
    unreadable(calls: number): void {
      check.checked += calls
    },
  }
}

/** Whether the values that the row repeats from its input agree with it: if not, one of the two was changed. */
function isInputOf(row: ReplayDecided, input: DecideInput, { rule, steps, chain }: Plan, tables: Tables): boolean {
  const { signals, endogenous } = input
  return (
    row.atMs === input.atMs &&
    row.tzMin === input.tzMin &&
    row.mode === input.mode &&
    row.limit === input.limit &&
    row.stream === input.stream &&
    row.client === input.client &&
    row.tier === input.tier &&
    row.task === signals.task &&
    row.complexity === signals.complexity &&
    row.sideKind === signals.sideKind &&
    row.inputTokensEstimate === Math.round(signals.inputTokens) &&
    row.turn === endogenous.turn + 1 &&
    row.rule === rule &&
    // A call that another process left no money for has a plan, and nothing that was chosen.
    (row.chosen === null || (chain > 0 && row.chosen === steps[0]?.model)) &&
    tables.policy(row.policyHash) === input.policy &&
    stateHash(endogenous) === row.stateHash
  )
}

/** Cost of the attempts by the stored rates; null when one is unpriced. Shadow attempts are separate. */
function recomputeCost(attempts: readonly AttemptRow[], rev: (hash: string) => ModelRev | undefined): Nano | null {
  let sum = 0
  for (const attempt of attempts) {
    if (attempt.purpose === 'shadow') continue
    if (attempt.usageSource === 'none') {
      if (attempt.costNano === null) return null
      sum += attempt.costNano
      continue
    }
    const cost = costOf(usageOf(attempt), rev(attempt.modelRev)?.rates ?? null)
    if (cost === null) return null
    sum += cost
  }
  return sum
}
