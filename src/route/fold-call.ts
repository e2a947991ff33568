import type { ModelRev } from '../catalog/index.js'
import type { AttemptRow, CallOpen, CallSettle } from '../ledger/types.js'
import type { DecidedCall } from './call.js'
import type { RouterPorts } from './router-ports.js'

/**
 * Updates the state for a decision that is about to be carried out: its reservations, its place in the session, the caches it will warm.
 */
export function foldDecided(call: DecidedCall, row: CallOpen, { state }: Pick<RouterPorts, 'state'>): void {
  state.fold({
    type: 'decided',
    seq: 0,
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

/**
 * Updates the state when a call has ended: its reservation is released, its spend counted. `model` is the one that answered and `served`,
 * where its usage says what it read from its cache, that attempt.
 */
export function foldEnded(
  { id, settledAtMs, status, costNano }: Pick<CallSettle, 'id' | 'settledAtMs' | 'status' | 'costNano'>,
  { state }: Pick<RouterPorts, 'state'>,
  model: ModelRev | null = null,
  served: AttemptRow | null = null,
): void {
  state.fold({
    type: 'settled',
    seq: 0,
    atMs: settledAtMs,
    call: id,
    model,
    cacheReadTokens: served?.cacheReadTokens ?? null,
    cacheWrite1hTokens: served?.cacheWrite1hTokens ?? null,
    cost: costNano,
    status,
  })
}
