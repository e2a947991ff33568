import { Fault } from '../kit/index.js'
import type { Verdict } from './judge-failure.js'

export interface Failure {
  readonly model: string
  readonly fault: Fault
  readonly status: number | null
  readonly verdict: Verdict
  /** It was asked in another format than the client's. */
  readonly translated?: boolean
}

/**
 * The client's error when nothing in the plan could serve. A temporary cause becomes 429 or 503 with `retry-after`; a fault that a retry
 * cannot fix, or that may have been billed, says so (`x-should-retry: false`).
 */
export function finalFault(failures: readonly Failure[], soonestRetryMs: number | null, call: string): Fault {
  const last = failures.at(-1)
  if (last === undefined) {
    return new Fault('E_NO_CANDIDATE', 'every model that could serve this is resting after failures', {
      hint: 'Try again in a moment; `llmroute models` shows their health.',
      retryAfterMs: soonestRetryMs ?? undefined,
    })
  }
  const { fault, verdict, status } = last
  if (verdict.walk === 'stop' && verdict.health.kind === 'neutral') return markFinal(fault)
  const maybeBilled = failures.some((f) => f.verdict.billed === 'maybe')
  const tried = failures.map((f) => f.model).filter((m, i, all) => all.indexOf(m) === i)
  // Of these the client must learn, in order to mend its credential or request: rather of the body that it wrote itself.
  const refusals = failures.filter((f) => f.verdict.health.kind === 'neutral' && (f.status !== null || f.fault.code === 'E_FORBIDDEN'))
  const refused = refusals.findLast((f) => !f.translated) ?? refusals.at(-1)
  const others = refused === undefined || refused === last ? '' : `; ${refused.model} refused the request: ${refused.fault.message}`
  const told = `${tried.length === 1 ? tried[0] : `all of ${tried.join(', ')}`} failed; last: ${fault.message}${others}`
  const { hint = `The ledger has every attempt: \`llmroute log ${call}\`.`, upstreamType } = fault
  const common = { hint, cause: fault, upstreamType }
  if (!failures.some((f) => f.verdict.passing)) {
    if (refused !== undefined) return markFinal(refused.fault)
    // The provider's own 401 would suggest that the client's key is wrong, but that key was never sent there.
    return new Fault('E_UPSTREAM', told, { ...common, final: true })
  }
  // A repeat could be a second bill, so none is invited.
  const retry = maybeBilled ? { final: true } : { retryAfterMs: soonestRetryMs ?? DEFAULT_RETRY_MS }
  if (failures.every((f) => f.verdict.health.kind === 'limited')) return new Fault('E_RATE_LIMIT', told, { ...common, ...retry })
  if (fault.code === 'E_UPSTREAM_TIMEOUT' && status === null)
    return new Fault('E_UPSTREAM_TIMEOUT', told, { ...common, final: maybeBilled })
  return new Fault('E_UNAVAILABLE', told, { ...common, ...retry })
}

const DEFAULT_RETRY_MS = 1000

function markFinal(fault: Fault): Fault {
  if (fault.final) return fault
  return new Fault(fault.code, fault.message, { ...fault, retryAfterMs: undefined, final: true, cause: fault })
}
