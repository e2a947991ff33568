import type { ModelRev } from '../catalog/index.js'
import type { AttemptRow, CallSettle } from '../ledger/types.js'
import type { RouterPorts } from './router-ports.js'

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
