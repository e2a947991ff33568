import type { ModelRev } from '../catalog/index.js'
import type { AttemptRow, CallSettle } from '../ledger/types.js'
import type { RouterPorts } from './router-ports.js'

type Ended = Pick<CallSettle, 'id' | 'settledAtMs' | 'status' | 'costNano'> & {
  /** The model that answered and, where its usage says what it read from its cache, that attempt. */
  readonly model?: ModelRev | null
  readonly served?: AttemptRow | null
}

/** Updates the state when a call has ended: its reservation is released, its spend counted. */
export function foldEnded(
  { id, settledAtMs, status, costNano, model = null, served = null }: Ended,
  { state }: Pick<RouterPorts, 'state'>,
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
