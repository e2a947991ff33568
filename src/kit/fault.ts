/**
 * A Fault is the one error type of llmroute: a stable code, the HTTP status it maps to, a sentence for people and a hint
 * saying what to do next. It is thrown at the edge of I/O and returned as a value inside pure rooms.
 */
const FAULT_STATUS = {
  E_BAD_REQUEST: 400,
  E_AUTH: 401,
  E_BUDGET: 402,
  E_FORBIDDEN: 403,
  E_NOT_FOUND: 404,
  E_UNKNOWN_MODEL: 404,
  E_METHOD: 405,
  E_TIMEOUT: 408,
  E_CONFLICT: 409,
  E_TOO_LARGE: 413,
  E_MEDIA_TYPE: 415,
  E_UNPROCESSABLE: 422,
  E_RATE_LIMIT: 429,
  E_CANCELLED: 499,
  E_INTERNAL: 500,
  E_UPSTREAM: 502,
  E_NO_CANDIDATE: 503,
  E_UNAVAILABLE: 503,
  E_INTERRUPTED: 503,
  E_UPSTREAM_TIMEOUT: 504,
  E_OVERLOADED: 529,
  E_CONFIG: 500,
  E_LEDGER: 500,
  E_EMPTY: 500,
  E_USAGE: 400,
} as const

export type FaultCode = keyof typeof FAULT_STATUS

/** A fault's own fields have these names, so a fault may be spread into the options of another. */
interface FaultOptions {
  /** What the user should do next, one sentence. */
  readonly hint?: string | undefined
  /** Overrides the status that the code maps to (an upstream's own status, say). */
  readonly status?: number | undefined
  /** Milliseconds after which a repeat may help, from `retry-after` and its relatives. */
  readonly retryAfterMs?: number | undefined
  /** Dotted path of the offending field of a request or configuration. */
  readonly param?: string | undefined
  /** The provider's own error type or code, for the client's benefit. */
  readonly upstreamType?: string | undefined
  /** True when repeating the request cannot help (auth, budget, invalid request, maybe billed). */
  readonly final?: boolean
  readonly cause?: unknown
}

export class Fault extends Error {
  readonly code: FaultCode
  readonly status: number
  readonly hint: string | undefined
  readonly retryAfterMs: number | undefined
  readonly param: string | undefined
  readonly upstreamType: string | undefined
  readonly final: boolean

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.status = options.status ?? FAULT_STATUS[code]
    this.hint = options.hint
    this.retryAfterMs = options.retryAfterMs
    this.param = options.param
    this.upstreamType = options.upstreamType
    this.final = options.final ?? false
  }
}

/** Any thrown value as a Fault; anything else becomes E_INTERNAL with the original as its cause. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const message = error instanceof Error ? error.message : String(error)
  return new Fault('E_INTERNAL', message, { cause: error })
}
