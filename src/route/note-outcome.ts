import type { DecidedCall } from './call.js'
import type { RouterParts } from './router-ports.js'

/** Writes down something learned of a call after it ended. `seen`: who answered it, when that is known here, so that expectations move too. */
export function noteOutcome(
  id: string,
  kind: string,
  seen: { readonly call: DecidedCall; readonly model: string } | null,
  ports: RouterParts,
): void {
  const atMs = ports.clock.now()
  ports.ledger.outcome({ call: id, kind, value: 1, atMs }).catch((error: unknown) => ports.report(error, id))
  if (seen !== null) ports.outlook.judged(seen.call, seen.model, kind, 1)
}
