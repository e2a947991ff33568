import { leftOf, reservationOf } from '../policy/index.js'
import type { Advice, Hold, OnGone } from './advice.js'
import type { DecidedCall } from './call.js'
import { decideCall, type Undecided } from './decide-call.js'
import { sumCosts } from './price-usage.js'
import type { RouterPorts } from './router-ports.js'

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
  if (understood.setup.budgets.length === 0)
    return asking(
      advise(understood, onGone, () => true),
      [],
    )
  const { plan, policy, budgets } = decideCall(undecided, ports)
  if (plan.chain === 0) return null
  const warnsOnly = policy.limits.budgetAction === 'warn'
  const releases: (() => void)[] = []
  const hold: Hold = (amount) => {
    const query = { atMs: clock.now(), session: null, leaf: null, models: [], signedLoop: false, budgets }
    if (!warnsOnly && leftOf(state.read(query).budgets) < amount) return false
    releases.push(state.hold(budgets, amount))
    return true
  }
  return asking(advise(understood, onGone, hold), releases)
}

function asking(advice: Promise<Advice> | null, releases: readonly (() => void)[]): Asking | null {
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
