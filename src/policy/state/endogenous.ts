import type { Nano } from '../../kit/index.js'
import type { BudgetState, Endogenous, ResolvedPolicy, Warm } from '../types.js'
import { stoppedArms } from './arms.js'
import { hitProbability, slotOf, warmPrefix } from './caches.js'
import type { PrefixLink } from './events.js'
import { sessionAt } from './fold.js'
import { findDeepest } from './prefix-spans.js'
import type { Slot, State } from './state.js'

/** What a call needs from the state. All of it comes from the call itself or its recorded input, none from earlier decisions. */
export interface StateQuery {
  readonly atMs: number
  /** Null for a side call. */
  readonly session: string | null
  readonly leaf: PrefixLink | null
  /** The pool, in the order of the decision's models. */
  readonly models: readonly { readonly id: string; readonly account: string }[]
  /** The request is inside a tool loop and carries signed reasoning. */
  readonly signedLoop: boolean
  /** Budgets that apply, with their limits. */
  readonly budgets: readonly { readonly scope: string; readonly limit: Nano }[]
  /** The policy's experiment, when it runs one: its guard may have stopped arms. */
  readonly experiment?: ResolvedPolicy['experiment']
}

const NO_WARM: readonly Warm[] = []
const NO_BUDGETS: readonly BudgetState[] = []

interface Pool {
  readonly models: StateQuery['models']
  readonly slots: readonly Slot[]
}

/** Slots of the pool asked for last: pools rarely change, so they are not looked up for every call. */
const pools = new WeakMap<State, Pool>()

function slotsOf(state: State, models: StateQuery['models']): readonly Slot[] {
  const known = pools.get(state)
  if (known !== undefined && isSamePool(known.models, models)) return known.slots
  const slots = models.map((m) => slotOf(state, m.account, m.id))
  pools.set(state, { models: [...models], slots })
  return slots
}

function isSamePool(a: StateQuery['models'], b: StateQuery['models']): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function warmOf(state: State, query: StateQuery): readonly Warm[] {
  const place = findDeepest(state, query.leaf)
  if (place === null) return NO_WARM
  const slots = slotsOf(state, query.models)
  const warm: Warm[] = []
  for (const slot of slots) {
    const prefix = warmPrefix(place, slot, query.atMs)
    if (prefix === null) continue
    const { digest, tokens, untilMs } = prefix
    warm.push({ account: slot.account, model: slot.model, prefix: digest, tokens, untilMs, hit: hitProbability(slot) })
  }
  return warm
}

function budgetsOf(state: State, query: StateQuery): readonly BudgetState[] {
  if (query.budgets.length === 0) return NO_BUDGETS
  return query.budgets.map(({ scope, limit }) => {
    const sum = state.budgets.get(scope)
    return { scope, spent: sum?.spent ?? 0, reserved: sum?.reserved ?? 0, limit }
  })
}

/**
 * The model that answered the previous call of the same conversation: it has read most of it, however long ago. Agents run sub-agents under
 * the same session while a tool works; those share only the envelope, which says nothing.
 */
function lastToRead(state: State, query: StateQuery, lastModel: string): string {
  const place = findDeepest(state, query.leaf)
  let last = { model: lastModel, depth: 0 }
  if (place === null) return lastModel
  for (const slot of slotsOf(state, query.models)) {
    const depth = warmPrefix(place, slot, 0)?.depth ?? 0
    if (depth > last.depth || (depth === last.depth && slot.model === lastModel)) last = { model: slot.model, depth }
  }
  return last.model
}

/** The endogenous part of a decision's input, from the state. Reads only. */
export function endogenousOf(state: State, query: StateQuery): Endogenous {
  const session = query.session === null ? null : sessionAt(state, query.session, query.atMs)
  const lastModel = session?.lastModel ?? null
  const stopped = query.experiment == null ? [] : stoppedArms(state, query.experiment)
  const plain: Endogenous = {
    warm: warmOf(state, query),
    ladder: session?.ladder ?? null,
    openLoop: query.signedLoop && lastModel !== null ? lastToRead(state, query, lastModel) : null,
    lastModel,
    turn: session?.turn ?? 0,
    returns: session?.returns ?? 0,
    stickyArm: session?.arm ?? null,
    budgets: budgetsOf(state, query),
  }
  return stopped.length === 0 ? plain : { ...plain, stoppedArms: stopped }
}
