import type { Fault } from '../../kit/index.js'
import type { RenderedFault } from '../codec.js'
import { faultOf, faultText, type Headers, retryAfterMs, retryHeaders } from '../faults.js'
import { type Json, recordOf, recordsIn } from '../json.js'

/** `google.rpc.Code` by HTTP status: https://cloud.google.com/apis/design/errors#handling_errors */
const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}
const KNOWN: ReadonlySet<string> = new Set([...Object.values(STATUS), 'FAILED_PRECONDITION', 'OUT_OF_RANGE', 'UNKNOWN', 'DATA_LOSS'])
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo'
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo'

/** Of an answer, or of an event inside a stream, where the error's own code tells the status. A stream without `alt=sse` wraps it in an array. */
export function readFault(answered: number, headers: Headers, body: unknown): Fault {
  const first: unknown = Array.isArray(body) ? body[0] : body
  const error = recordOf(recordOf(first).error)
  const status = answered >= 400 ? answered : typeof error.code === 'number' && error.code >= 400 ? error.code : 500
  const details = recordsIn(error.details)
  const upstreamType = typeof error.status === 'string' ? error.status : undefined
  const wait = retryAfterMs(headers) ?? retryDelayMs(details)
  return faultOf({ status, type: reasonOf(details) ?? upstreamType, message: error.message }, { upstreamType, retryAfterMs: wait })
}

function reasonOf(details: readonly Json[]): string | undefined {
  const reason = details.find((d) => d['@type'] === ERROR_INFO)?.reason
  return typeof reason === 'string' ? reason : undefined
}

function retryDelayMs(details: readonly Json[]): number | undefined {
  const delay = details.find((d) => d['@type'] === RETRY_INFO)?.retryDelay
  const seconds = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] : undefined
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000)
}

export function writeFault(fault: Fault): RenderedFault {
  return { status: statusOf(fault), headers: retryHeaders(fault), body: faultBody(fault) }
}

/** Google knows no 529, and has 504 for whatever took too long. */
function statusOf(fault: Fault): number {
  if (fault.status === 529) return 503
  return fault.status === 408 ? 504 : fault.status
}

export function faultBody(fault: Fault): Json {
  const code = statusOf(fault)
  const { upstreamType, retryAfterMs: wait } = fault
  const status =
    upstreamType !== undefined && KNOWN.has(upstreamType) ? upstreamType : (STATUS[code] ?? (code < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL'))
  const details = wait === undefined ? {} : { details: [{ '@type': RETRY_INFO, retryDelay: `${Math.ceil(wait / 1000)}s` }] }
  return { error: { code, message: faultText(fault), status, ...details } }
}
