import type { Fault, FaultCode, SseEvent } from '../kit/index.js'
import type { RenderedFault } from './codec.js'
import { faultOf, faultText, type Headers, retryAfterMs, retryHeaders } from './faults.js'
import { isRecord, type Json } from './json.js'

/**
 * An upstream's error answer. Compatible servers spell it in several ways; all are read. Inside an answer of success, in a
 * stream or out of it, the error tells its status itself.
 */
export function readFault(answered: number, headers: Headers, body: unknown): Fault {
  const error = errorOf(body)
  const type = firstString(error.code, error.type)
  const status = answered < 400 ? statusOf(error) : answered
  const message = firstString(error.message, error.detail, checksOf(error), wordsOf(body))
  // A number is a status again: what was said inside an answer of success has to be known as the provider's own word.
  const upstreamType = type ?? (typeof error.code === 'number' ? String(error.code) : undefined)
  return faultOf({ status, type, message }, { upstreamType, retryAfterMs: retryAfterMs(headers), param: firstString(error.param) })
}

/** The object that holds the message: `{error: {…}}`, `{error: "…"}`, `{message}`, `{detail}`, or an array of one (Gemini). */
function errorOf(body: unknown): Json {
  const value: unknown = Array.isArray(body) ? body[0] : body
  if (!isRecord(value)) return {}
  if (isRecord(value.error)) return value.error
  if (isRefusal(value.base_resp)) return { message: value.base_resp.status_msg, code: value.base_resp.status_code }
  if (isFailedChoice(value.choices)) return value.choices[0].error
  return typeof value.error === 'string' ? { ...value, message: value.error } : value
}

/** Where a server's own check of the body fails, and why (FastAPI: Mistral, vLLM). What stood there is not repeated. */
function checksOf({ detail, message }: Json): string | undefined {
  const checks = isRecord(message) ? message.detail : detail
  if (!Array.isArray(checks)) return undefined
  return checks
    .filter(isRecord)
    .map(({ loc, msg }) => `${Array.isArray(loc) ? loc.filter((at) => at !== 'body').join('.') : 'body'}: ${String(msg)}`)
    .join('; ')
}

/** Of a page that a proxy before the provider made, only its title is for people. */
function wordsOf(body: unknown): unknown {
  return typeof body === 'string' && /^\s*</.test(body) ? /<title>([^<]{1,200})<\/title>/i.exec(body)?.[1] : body
}

function firstString(...values: readonly unknown[]): string | undefined {
  return values.find((v): v is string => typeof v === 'string' && v !== '')
}

/** A numeric `code` is a status (OpenRouter, vLLM, Google); others have names. */
function statusOf(error: Json): number {
  const code = typeof error.code === 'number' ? error.code : Number.parseInt(String(error.code ?? ''), 10)
  if (code >= 400 && code < 600) return code
  return STATUS[String(error.code)] ?? STATUS[String(error.type)] ?? 502
}

/** The numbers are MiniMax's: limits of requests and tokens, keys, an empty account, parameters. */
const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  1002: 429,
  1039: 429,
  1004: 401,
  2049: 401,
  1008: 402,
  2013: 400,
}

/** An error met inside a stream. */
export function readStreamFault(error: unknown): Fault {
  return readFault(200, {}, { error })
}

/**
 * The error that an event of a stream holds, if any: as in a whole answer, as an event of that name (LM Studio, Groq), or, by
 * older vLLM, as an object that calls itself one.
 */
export function faultOfChunk({ event }: SseEvent, chunk: Json): Fault | null {
  return isErrorInside(chunk) || event === 'error' || chunk.object === 'error' ? readFault(200, {}, chunk) : null
}

/** True for an answer of success that is an error after all: some gateways and vendors answer 200 whatever happened. */
export function isErrorInside(body: unknown): boolean {
  if (!isRecord(body)) return false
  return (body.error !== undefined && body.error !== null) || isRefusal(body.base_resp) || isFailedChoice(body.choices)
}

/** MiniMax: `{ base_resp: { status_code, status_msg } }`, zero being success (platform.minimax.io/docs/api-reference/errorcode). */
function isRefusal(base: unknown): base is Json {
  return isRecord(base) && base.status_code !== undefined && base.status_code !== 0
}

/** OpenRouter puts what its provider said of a failure into the choice (openrouter.ai/docs/api/reference/errors-and-debugging). */
function isFailedChoice(choices: unknown): choices is readonly [{ readonly error: Json }] {
  if (!Array.isArray(choices)) return false
  const first: unknown = choices[0]
  return isRecord(first) && isRecord(first.error)
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
