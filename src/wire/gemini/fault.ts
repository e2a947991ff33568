import { Fault, type FaultCode } from '../../kit/index.js'
import type { RenderedFault } from '../codec.js'
import { codeOfStatus, faultText, isFinalStatus, retryAfterMs, retryHeaders } from '../fault-code.js'
import { isRecord, type Json } from '../json.js'

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

type Headers = Readonly<Record<string, string | undefined>>

/** A stream without `alt=sse` wraps its error in an array. */
export function readFault(status: number, headers: Headers, body: unknown): Fault {
  const first: unknown = Array.isArray(body) ? body[0] : body
  return faultOf(isRecord(first) && isRecord(first.error) ? first.error : {}, status, headers)
}

/** The `error` object of an answer or of a stream, where its own code tells the status. */
export function faultOf(error: Json, status: number | undefined, headers: Headers = {}): Fault {
  const known = status ?? (typeof error.code === 'number' && error.code >= 400 ? error.code : 500)
  const details = Array.isArray(error.details) ? error.details.filter(isRecord) : []
  const wait = retryAfterMs(headers) ?? retryDelayMs(details)
  const message = typeof error.message === 'string' ? error.message : `The provider answered with status ${known}.`
  return new Fault(codeOf(known, details), message, {
    status: known,
    final: isFinalStatus(known),
    ...(typeof error.status === 'string' ? { upstreamType: error.status } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  })
}

/** A wrong key is answered with 400 here. */
function codeOf(status: number, details: readonly Json[]): FaultCode {
  return details.some((d) => d['@type'] === ERROR_INFO && d.reason === 'API_KEY_INVALID') ? 'E_AUTH' : codeOfStatus(status)
}

function retryDelayMs(details: readonly Json[]): number | undefined {
  const delay = details.find((d) => d['@type'] === RETRY_INFO)?.retryDelay
  const seconds = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] : undefined
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000)
}

export function writeFault(fault: Fault): RenderedFault {
  return { status: statusOf(fault), headers: retryHeaders(fault), body: faultBody(fault) }
}

/** Google knows no 529. */
function statusOf(fault: Fault): number {
  return fault.status === 529 ? 503 : fault.status
}

export function faultBody(fault: Fault): Json {
  const code = statusOf(fault)
  const { upstreamType, retryAfterMs: wait } = fault
  const status =
    upstreamType !== undefined && KNOWN.has(upstreamType) ? upstreamType : (STATUS[code] ?? (code < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL'))
  const details = wait === undefined ? {} : { details: [{ '@type': RETRY_INFO, retryDelay: `${Math.ceil(wait / 1000)}s` }] }
  return { error: { code, message: faultText(fault), status, ...details } }
}
