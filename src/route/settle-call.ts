import type { Reply } from '../canonical/index.js'
import type { ModelRev } from '../catalog/index.js'
import type { AttemptRow, CallSettle } from '../ledger/types.js'
import type { DecidedCall } from './call.js'
import { keepReply, keepsReply } from './keep-reply.js'
import type { RouterParts, RouterPorts } from './router-ports.js'

/**
 * Records how a call ended and informs everything that learns from it. Resolves when the row is committed; a ledger that cannot be written
 * is reported and does not affect the call. Bodies follow after the client has been served.
 */
export async function settleCall(
  call: DecidedCall,
  row: CallSettle,
  served: AttemptRow | null,
  reply: (() => Reply) | null,
  ports: RouterParts,
): Promise<void> {
  const { health, ledger } = ports
  const model = row.model === null ? null : (call.setup.byId.get(row.model)?.rev ?? null)
  foldEnded(row, ports, model, served)
  const committed = ledger.settle(row).catch((error: unknown) => ports.report(error, call.id))
  if (served !== null && model !== null) {
    const failed = served.outcome === 'cut' || served.outcome === 'error'
    health.leave(
      model.id,
      failed ? { kind: 'failed', retryAfterMs: null } : { kind: served.outcome === 'ok' ? 'ok' : 'neutral' },
      row.settledAtMs,
    )
    if (served.inputTokens !== null) health.tokens(model.id, served.inputTokens + (served.outputTokens ?? 0), row.settledAtMs)
  }
  const settled = { call, row, served }
  ports.outlook.observe(settled)
  ports.observe(settled)
  await committed
  if (row.status === 'ok') ports.recent.answered(call.id, call.session)
  if (keepsReply(call)) setImmediate(keepReply, call, row.model, reply, ports)
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
    atMs: settledAtMs,
    call: id,
    model,
    cacheReadTokens: served?.cacheReadTokens ?? null,
    cacheWrite1hTokens: served?.cacheWrite1hTokens ?? null,
    cost: costNano,
    status,
  })
}
