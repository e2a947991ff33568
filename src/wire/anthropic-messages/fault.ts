import { Fault, type FaultCode } from '../../kit/index.js'
import type { RenderedFault } from '../codec.js'
import { faultOf, faultText, type Headers, retryAfterMs, retryHeaders, TOO_LONG } from '../faults.js'
import { type Json, present, recordOf } from '../json.js'

/** Error types and their statuses: https://platform.claude.com/docs/en/api/errors */
const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

/** The vendor SDK's name for the error after which it continues without a thread (@anthropic-ai/sdk 1.11, `lib/internal/threads`). */
export const THREAD_REFUSED = 'thread_unsupported_request'

/** Of an answer, or of an `error` event inside a stream, where the error's type tells the status. */
export function readFault(answered: number, headers: Headers, body: unknown): Fault {
  const error = recordOf(recordOf(body).error)
  const type = typeof error.type === 'string' ? error.type : undefined
  const status = answered < 400 ? (STATUS[type ?? ''] ?? 500) : answered
  const fault = faultOf({ status, type, message: error.message }, { upstreamType: type, retryAfterMs: retryAfterMs(headers) })
  const thread = recordOf(error.details).error_code
  return isThreadCode(thread) ? new Fault('E_BAD_REQUEST', fault.message, { final: true, upstreamType: thread }) : fault
}

export function writeFault(fault: Fault): RenderedFault {
  return { status: fault.status, headers: retryHeaders(fault), body: faultBody(fault) }
}

export function faultBody(fault: Fault): Json {
  const details = isThreadCode(fault.upstreamType) ? { error_code: fault.upstreamType } : undefined
  return { type: 'error', error: { type: typeOf(fault), message: textOf(fault), ...present({ details }) } }
}

/** Such an error concerns the vendor's stored conversation; its SDK recovers by sending all of it. */
function isThreadCode(code: unknown): code is string {
  return typeof code === 'string' && code.startsWith('thread_')
}

/** Claude Code shortens its conversation when it reads these words, and gives up when it reads another vendor's. */
function textOf(fault: Fault): string {
  const text = faultText(fault)
  return fault.upstreamType === TOO_LONG && !/prompt is too long/i.test(text) ? `prompt is too long: ${text}` : text
}

function typeOf(fault: Fault): string {
  if (fault.upstreamType !== undefined && fault.upstreamType in STATUS) return fault.upstreamType
  return TYPE[fault.code] ?? (fault.status < 500 ? 'invalid_request_error' : 'api_error')
}

const TYPE: Readonly<Partial<Record<FaultCode, string>>> = {
  E_AUTH: 'authentication_error',
  E_BUDGET: 'billing_error',
  E_FORBIDDEN: 'permission_error',
  E_NOT_FOUND: 'not_found_error',
  E_UNKNOWN_MODEL: 'not_found_error',
  E_TOO_LARGE: 'request_too_large',
  E_RATE_LIMIT: 'rate_limit_error',
  E_UPSTREAM_TIMEOUT: 'timeout_error',
  E_OVERLOADED: 'overloaded_error',
  E_UNAVAILABLE: 'overloaded_error',
  E_NO_CANDIDATE: 'overloaded_error',
}
