import type { Fault, FaultCode } from '../kit/index.js'

/** What every format's faults have in common: codes by status, and the retry headers in both directions. */

/** The code of an upstream's HTTP status. */
export function codeOfStatus(status: number): FaultCode {
  switch (status) {
    case 400:
      return 'E_BAD_REQUEST'
    case 401:
      return 'E_AUTH'
    case 402:
      return 'E_BUDGET'
    case 403:
      return 'E_FORBIDDEN'
    case 404:
      return 'E_NOT_FOUND'
    case 408:
      return 'E_TIMEOUT'
    case 409:
      return 'E_CONFLICT'
    case 413:
      return 'E_TOO_LARGE'
    case 415:
      return 'E_MEDIA_TYPE'
    case 422:
      return 'E_UNPROCESSABLE'
    case 429:
      return 'E_RATE_LIMIT'
    case 503:
      return 'E_UNAVAILABLE'
    case 504:
      return 'E_UPSTREAM_TIMEOUT'
    case 529:
      return 'E_OVERLOADED'
    default:
      return status >= 400 && status < 500 ? 'E_BAD_REQUEST' : 'E_UPSTREAM'
  }
}

/** True when the same request would fail again, whoever repeats it. */
export function isFinalStatus(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429
}

type Headers = Readonly<Record<string, string | undefined>>

/** Longest wait that is believed, milliseconds: monthly quotas have the longest. */
const MOST_MS = 31 * 86_400_000

/** Milliseconds to wait, from `retry-after-ms` or `retry-after` (seconds, or a date read against the answer's own `date`). */
export function retryAfterMs(headers: Headers): number | undefined {
  const ms = readWait(headers)
  return ms === undefined ? undefined : Math.min(ms, MOST_MS)
}

function readWait(headers: Headers): number | undefined {
  const ms = Number.parseFloat(headers['retry-after-ms'] ?? '')
  if (Number.isFinite(ms) && ms >= 0) return Math.ceil(ms)
  const after = headers['retry-after']
  if (after === undefined) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(after)) return Math.ceil(Number.parseFloat(after) * 1000)
  const wait = Date.parse(after) - Date.parse(headers.date ?? '')
  return Number.isFinite(wait) && wait >= 0 ? wait : undefined
}

/** Headers that tell a client whether and when to retry. */
export function retryHeaders(fault: Fault): Record<string, string> {
  const headers: Record<string, string> = {}
  if (fault.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(fault.retryAfterMs / 1000))
  if (fault.final) headers['x-should-retry'] = 'false'
  return headers
}

/** Message and hint as the one text that wire formats have room for. */
export function faultText(fault: Fault): string {
  return fault.hint === undefined ? fault.message : `${fault.message.replace(/[.\s]*$/, '')}. ${fault.hint}`
}
