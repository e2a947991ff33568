import type { DecidedCall } from './call.js'
import type { RouterPorts } from './router-ports.js'

/** Writes down something learned of a call after it ended. `seen`: who answered it, when that is known here, so that expectations move too. */
export function noteOutcome(
  id: string,
  kind: string,
  seen: { readonly call: DecidedCall; readonly model: string } | null,
  ports: RouterPorts,
  value = 1,
  note = '',
): void {
  const row = { call: id, kind, value, atMs: ports.clock.now(), ...(note === '' ? {} : { note }) }
  ports.ledger.outcome(row).catch((error: unknown) => ports.report(error, id))
  if (seen !== null) ports.outlook.judged(seen.call, seen.model, kind, value)
}
