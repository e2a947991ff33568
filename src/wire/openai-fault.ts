import { Fault, type FaultCode } from '../kit/index.js'
import type { RenderedFault } from './codec.js'
import { codeOfStatus, faultText, isFinalStatus, retryAfterMs, retryHeaders } from './fault-code.js'
import { isRecord, type Json, present } from './json.js'

type Headers = Readonly<Record<string, string | undefined>>

/** An upstream's error answer. Compatible servers spell it in several ways; all are read. */
export function readFault(status: number, headers: Headers, body: unknown): Fault {
  const error = errorOf(body)
  const upstreamType = firstString(error.code, error.type)
  const message = firstString(error.message, error.detail, body) ?? `The provider answered with status ${status}.`
  const outOfQuota = upstreamType === 'insufficient_quota'
  return new Fault(upstreamType === 'model_not_found' ? 'E_UNKNOWN_MODEL' : codeOfStatus(status), message, {
    status,
    final: outOfQuota || isFinalStatus(status),
    ...present({ retryAfterMs: retryAfterMs(headers), param: firstString(error.param), upstreamType }),
  })
}

/** The object that holds the message: `{error: {…}}`, `{error: "…"}`, `{message}`, `{detail}`, or an array of one (Gemini). */
function errorOf(body: unknown): Json {
  const value: unknown = Array.isArray(body) ? body[0] : body
  if (!isRecord(value)) return {}
  if (isRecord(value.error)) return value.error
  return typeof value.error === 'string' ? { ...value, message: value.error } : value
}

function firstString(...values: readonly unknown[]): string | undefined {
  return values.find((v): v is string => typeof v === 'string' && v !== '')
}

/** A fault met inside a stream, where there is no HTTP status: a numeric `code` is one. */
export function readStreamFault(error: unknown): Fault {
  const value = isRecord(error) ? error : {}
  const code = typeof value.code === 'number' ? value.code : Number.parseInt(String(value.code ?? ''), 10)
  const status =
    code >= 400 && code < 600 ? code : value.type === 'invalid_request_error' ? 400 : value.code === 'rate_limit_exceeded' ? 429 : 502
  return readFault(status, {}, { error })
}

export function writeFault(fault: Fault): RenderedFault {
  return { status: fault.status, headers: retryHeaders(fault), body: { error: errorBody(fault) } }
}

export function errorBody(fault: Fault): Json {
  return {
    message: faultText(fault),
    type: typeOf(fault),
    param: fault.param ?? null,
    code: fault.upstreamType ?? NAMES[fault.code] ?? null,
  }
}

function typeOf(fault: Fault): string {
  if (fault.status === 401) return 'authentication_error'
  if (fault.status === 403) return 'permission_error'
  if (fault.status === 429) return 'rate_limit_error'
  return fault.status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** OpenAI's own `code` for what has one. */
const NAMES: Readonly<Partial<Record<FaultCode, string>>> = {
  E_AUTH: 'invalid_api_key',
  E_UNKNOWN_MODEL: 'model_not_found',
  E_RATE_LIMIT: 'rate_limit_exceeded',
  E_BUDGET: 'insufficient_quota',
  E_NO_CANDIDATE: 'no_candidate',
  E_OVERLOADED: 'server_overloaded',
  E_UNAVAILABLE: 'service_unavailable',
}
