import type { Behaviour } from '../upstreams/fake-provider.js'

export interface FaultCase {
  readonly name: string
  /** `refuse`: nothing listens; `no-handshake`: the connection is never completed. */
  readonly how: Behaviour | 'refuse' | 'no-handshake'
  /** Only for whole answers, or only for streams. */
  readonly only?: 'json' | 'stream'
}

const STATUSES = [400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 529] as const

/** Everything that a provider is known to do wrong. */
export const CASES: readonly FaultCase[] = [
  ...STATUSES.map((status): FaultCase => ({ name: `status ${status}`, how: { status } })),
  { name: 'status 429 with `retry-after: 1`', how: { status: 429, headers: { 'retry-after': '1' } } },
  { name: 'status 503 with an HTML body', how: { status: 503, body: '<html><h1>503</h1></html>', type: 'text/html' } },
  { name: 'connection refused', how: 'refuse' },
  { name: 'connection never completed', how: 'no-handshake' },
  { name: 'reset before the first byte', how: 'reset' },
  { name: 'reset within the answer', how: 'reset-mid' },
  { name: 'no answer at all', how: 'stall' },
  { name: 'stops within the answer', how: 'stall-mid' },
  { name: 'ends within the answer', how: 'cut-json' },
  { name: 'malformed events', how: 'bad-sse', only: 'stream' },
  { name: 'an error as the first event', how: 'error-first', only: 'stream' },
  { name: 'an error after some text', how: 'error-later', only: 'stream' },
  { name: 'HTML with status 200', how: 'html' },
  { name: 'another content-type', how: 'wrong-type' },
  { name: '100 MB of blanks', how: 'huge' },
  { name: 'a byte a millisecond', how: 'drip' },
  { name: 'a byte a second', how: 'drip-slowly' },
  { name: 'gzip that nobody asked for', how: 'gzip', only: 'json' },
  { name: 'closes the connection after the answer', how: 'close', only: 'json' },
]
