import { NANO_PER_USD, type Nano } from '../kit/index.js'

export const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }

/**
 * The headers of every answer that say how it was produced. A model or profile that no decision has named is "none"; an estimate without a
 * price is "unpriced", and other unknown amounts are omitted.
 */
export interface HeaderFacts {
  readonly call: string
  readonly model: string | null
  readonly profile: string | null
  readonly reason: string
  readonly attempts: number
  readonly estimatedCost: Nano | null
  readonly estimatedSavings: Nano | null
  readonly cost: Nano | null
  readonly savings: Nano | null
  readonly latencyMs: number | null
  readonly simulated: boolean
  /** The client's own credential was used: the cost is between the client and the provider, possibly a subscription. */
  readonly notional: boolean
}

export function responseHeaders(f: HeaderFacts): Record<string, string> {
  const headers: Record<string, string> = {
    'x-llmroute-call': f.call,
    'x-llmroute-model': printable(f.model ?? NONE),
    'x-llmroute-profile': printable(f.profile ?? NONE),
    'x-llmroute-reason': printable(f.reason),
    'x-llmroute-attempts': String(f.attempts),
    'x-llmroute-estimated-cost-usd': f.estimatedCost === null ? UNPRICED : usd(f.estimatedCost),
    'x-llmroute-estimated-savings-usd': f.estimatedSavings === null ? UNPRICED : usd(f.estimatedSavings),
  }
  if (f.cost !== null) headers['x-llmroute-cost-usd'] = usd(f.cost)
  if (f.savings !== null) headers['x-llmroute-savings-usd'] = usd(f.savings)
  if (f.latencyMs !== null) headers['x-llmroute-latency-ms'] = String(Math.round(f.latencyMs))
  if (f.simulated) headers['x-llmroute-simulated'] = 'true'
  if (f.notional) headers['x-llmroute-cost-notional'] = 'true'
  return headers
}

/** For an answer without a model: a request that is refused, or one that llmroute answers itself. It cost and saved nothing. */
export function unservedHeaders(call: string, reason: string, latencyMs: number): Readonly<Record<string, string>> {
  return responseHeaders({
    call,
    model: null,
    profile: null,
    reason: reason.slice(0, LONGEST_REASON),
    attempts: 0,
    estimatedCost: 0,
    estimatedSavings: 0,
    cost: 0,
    savings: 0,
    latencyMs,
    simulated: false,
    notional: false,
  })
}

/** Characters: a fault may quote what the client sent. */
const LONGEST_REASON = 300

const NONE = 'none'
const UNPRICED = 'unpriced'

/** Plain decimal, never an exponent. */
function usd(nano: Nano): string {
  return (nano / NANO_PER_USD).toFixed(9).replace(/\.?0+$/, '')
}

const PLAIN = /^[\x20-\x7e]*$/

/** Header values are ASCII without line breaks, whatever the name of a model or rule contains. */
function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(/[^\x20-\x7e]/g, '?')
}
