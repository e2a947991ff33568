import type { Signals } from '../classify/index.js'
import type { Fault, Nano } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import { leftOf, reservationOf } from '../policy/index.js'
import type { DecidedCall } from './call.js'
import { decideCall, type Undecided } from './decide-call.js'
import { sumCosts } from './price-usage.js'
import type { RouterPorts } from './router-ports.js'
import type { Understood } from './understand-call.js'

/** What another model concluded about a request, and what asking it cost. */
export interface Advice {
  readonly signals: Signals
  /** One row a question, purpose `classify`, numbered from 1. */
  readonly asked: readonly AttemptRow[]
}

/** Calls `listener` when the client disconnects, immediately if it already has. */
export type OnGone = (listener: (fault: Fault) => void) => void

/** Sets money aside for a question, before it is asked; false when a budget has less left: then it must not be asked. */
export type Hold = (amount: Nano) => boolean

/**
 * Asks another model about a request that the local classifier is unsure of; null, immediately, when no model is configured or there is no
 * doubt. Never rejects and enforces its own time limit: when an answer is late or invalid, the local one stands.
 */
export type Advise = (understood: Understood, onGone: OnGone, hold: Hold) => Promise<Advice> | null

/** Questions to other models that are under way, and the money reserved for them. */
interface Asking {
  readonly advice: Promise<Advice>
  /** Call this right before the decision, whose own reservation then replaces it. */
  readonly release: () => void
}

/**
 * Asks other models about a request, within the budgets of the call: the cost of a question is reserved until the call is decided. Null,
 * immediately, when nothing is asked: asking costs money too, and is skipped for a call that nothing could serve.
 */
export function beginAsking(undecided: Undecided, onGone: OnGone, ports: RouterPorts): Asking | null {
  const { understood } = undecided
  const { advise, state, clock } = ports
  if (advise === undefined || understood.read.inbound.action !== 'generate' || understood.target.mode === 'pinned') return null
  const releases: (() => void)[] = []
  let hold: Hold = () => true
  if (understood.setup.budgets.length > 0) {
    const { plan, policy, budgets } = decideCall(undecided, ports)
    if (plan.chain === 0) return null
    const warnsOnly = policy.limits.budgetAction === 'warn'
    hold = (amount) => {
      const query = { atMs: clock.now(), session: null, leaf: null, models: [], signedLoop: false, budgets }
      if (!warnsOnly && leftOf(state.read(query).budgets) < amount) return false
      releases.push(state.hold(budgets, amount))
      return true
    }
  }
  const advice = advise(understood, onGone, hold)
  if (advice === null) return null
  const release = (): void => {
    for (const one of releases) one()
  }
  return { advice, release }
}

/** Decides a call about which other models were asked; the questions are paid first from what is left of its budgets. */
export function decideAsked(undecided: Undecided, advice: Advice | null, ports: RouterPorts): DecidedCall {
  const decided = decideCall(undecided, ports, advice)
  const spent = advice === null ? 0 : (sumCosts(advice.asked) ?? 0)
  const { input, plan } = decided
  const { budgets } = input.endogenous
  if (spent === 0 || plan.chain === 0 || reservationOf(input, plan) + spent <= leftOf(budgets)) return decided
  const release = ports.state.hold(budgets, spent)
  try {
    return decideCall(undecided, ports, advice)
  } finally {
    release()
  }
}
