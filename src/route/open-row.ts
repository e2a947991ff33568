import { redactSecrets } from '../kit/index.js'
import type { CallOpen, Reservation } from '../ledger/types.js'
import { type DecideInput, encodeInput, encodePlan, encodeSignals, type Plan, reservationOf, stateHash } from '../policy/index.js'
import type { DecidedCall } from './call.js'
import type { Conversation } from './digest-messages.js'
import { sumCosts } from './price-usage.js'
import type { RouterPorts } from './router-ports.js'

/** The row of a call that was just decided. */
export function openRow(call: DecidedCall, retryOf: string | null): CallOpen {
  const { input, plan, conversation, target, inbound, request } = call
  const made: Made = {
    id: call.id,
    session: call.session,
    retryOf,
    key: inbound.key?.name ?? null,
    format: inbound.format,
    requestedModel: redactSecrets(request.model),
    chosen: plan.chain > 0 ? (plan.steps[0]?.model ?? null) : null,
    baseline: call.baseline,
    policyHash: target.profile.hash,
    classifierHash: call.setup.classifier.hash,
    reservations: reserve(call),
  }
  return rowOf(made, input, plan, conversation)
}

/** What a row says about a call besides its decision. */
type Made = Pick<
  CallOpen,
  | 'id'
  | 'source'
  | 'session'
  | 'retryOf'
  | 'key'
  | 'format'
  | 'requestedModel'
  | 'chosen'
  | 'baseline'
  | 'policyHash'
  | 'classifierHash'
  | 'reservations'
>

/** The row of a call and its decision, whether a client made it here or another tool logged it. */
export function rowOf(made: Made, input: DecideInput, plan: Plan, conversation: Conversation): CallOpen {
  const { signals, endogenous } = input
  // Written out: the spread of an object this wide costs more than a decision.
  return {
    id: made.id,
    decidedAtMs: input.atMs,
    tzMin: input.tzMin,
    session: made.session,
    turn: endogenous.turn + 1,
    parentCall: null,
    retryOf: made.retryOf,
    sideKind: signals.sideKind,
    client: input.client,
    key: made.key,
    tier: input.tier,
    tags: input.tags,
    mode: input.mode,
    format: made.format,
    profile: input.policy.name,
    requestedModel: made.requestedModel,
    chosen: made.chosen,
    baseline: made.baseline,
    policyHash: made.policyHash,
    classifierHash: made.classifierHash,
    source: made.source,
    prefixes: conversation.prefixes,
    breakpoints: conversation.breakpoints,
    limit: input.limit,
    stream: input.stream,
    task: signals.task,
    complexity: signals.complexity,
    difficulty: signals.difficulty.p,
    inputTokensEstimate: signals.inputTokens,
    signals: encodeSignals(signals),
    input: encodeInput(input),
    plan: encodePlan(plan, input),
    stateHash: stateHash(endogenous),
    rule: plan.rule,
    reason: plan.reason,
    reservations: made.reservations,
  }
}

/** The most that the call can cost, held against every budget of it until it is settled. What asking about it cost is spent already, and counts. */
function reserve({ plan, input, asked, budgets }: DecidedCall): readonly Reservation[] {
  const spent = sumCosts(asked) ?? 0
  if (budgets.length === 0 || (plan.chain === 0 && spent === 0)) return NO_RESERVATIONS
  const amount = spent + (plan.chain === 0 ? 0 : reservationOf(input, plan))
  const strict = plan.chain > 0 && input.policy.limits.budgetAction !== 'warn'
  return budgets.map(({ scope, limit: most }) => ({ scope, amount, ...(strict ? { limit: most } : {}) }))
}

const NO_RESERVATIONS: readonly Reservation[] = []

/**
 * Updates the state for a decision that is about to be carried out: its reservations, its place in the session, the caches it will warm.
 */
export function foldDecided(call: DecidedCall, row: CallOpen, { state }: Pick<RouterPorts, 'state'>): void {
  state.fold({
    type: 'decided',
    atMs: row.decidedAtMs,
    call: call.id,
    session: call.signals.sideKind === null ? call.session : null,
    leaf: call.leaf,
    breakpoints: row.breakpoints,
    chosen: row.chosen === null ? null : (call.setup.byId.get(row.chosen)?.rev ?? null),
    reservations: row.reservations,
    trajectory: call.signals.trajectory,
    mode: row.mode,
    policy: call.policy,
    arm: call.plan.arm,
  })
}
