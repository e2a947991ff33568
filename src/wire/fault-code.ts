import type { Fault, FaultCode } from '../kit/index.js'

/** What every format's faults have in common: codes by status, and the retry headers in both directions. */

const CODES: Readonly<Record<number, FaultCode>> = {
  400: 'E_BAD_REQUEST',
  401: 'E_AUTH',
  402: 'E_BUDGET',
  403: 'E_FORBIDDEN',
  404: 'E_NOT_FOUND',
  408: 'E_TIMEOUT',
  409: 'E_CONFLICT',
  413: 'E_TOO_LARGE',
  415: 'E_MEDIA_TYPE',
  422: 'E_UNPROCESSABLE',
  429: 'E_RATE_LIMIT',
  // Groq's flex service is full (console.groq.com/docs/flex-processing).
  498: 'E_RATE_LIMIT',
  503: 'E_UNAVAILABLE',
  504: 'E_UPSTREAM_TIMEOUT',
  529: 'E_OVERLOADED',
}

/** The code of an upstream's HTTP status. */
export function codeOfStatus(status: number): FaultCode {
  return CODES[status] ?? (status >= 400 && status < 500 ? 'E_BAD_REQUEST' : 'E_UPSTREAM')
}

/** True when the same request would fail again, whoever repeats it. */
export function isFinalStatus(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 409 && codeOfStatus(status) !== 'E_RATE_LIMIT'
}

/** Lower-case names. */
export type Headers = Readonly<Record<string, string | undefined>>

/** Longest wait that is believed, milliseconds: monthly quotas have the longest. */
const MOST_MS = 31 * 86_400_000

/** Milliseconds to wait, from `retry-after-ms` or `retry-after` (seconds, or a date read against the answer's own `date`). */
export function retryAfterMs(headers: Headers): number | undefined {
  const inMs = Number.parseFloat(headers['retry-after-ms'] ?? '')
  const after = headers['retry-after'] ?? ''
  const isSeconds = /^\s*\d+(\.\d+)?\s*$/.test(after)
  const said = isSeconds ? Number.parseFloat(after) * 1000 : Date.parse(after) - Date.parse(headers.date ?? '')
  const wait = Math.ceil(inMs >= 0 ? inMs : said)
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, MOST_MS) : undefined
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
