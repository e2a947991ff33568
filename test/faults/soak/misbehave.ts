import type { Behaviour } from '../../upstreams/fake-provider.js'
import type { Random } from '../mutate.js'

/**
 * What the fault suite knows, but for answers without an end, which would only measure this machine, and for 401 and 404, after which
 * a model rests for minutes: nothing would be left to serve.
 */
const FAULTS: readonly Behaviour[] = [
  ...[400, 408, 409, 422, 500, 502, 503, 529].map((status) => ({ status })),
  { status: 429, headers: { 'retry-after-ms': '200' } },
  { status: 503, body: '<html><h1>503</h1></html>', type: 'text/html' },
  ...(['reset', 'reset-mid', 'stall', 'stall-mid', 'end-early', 'cut-json', 'html', 'wrong-type'] as const),
  ...(['gzip', 'close', 'bad-sse', 'error-first', 'error-later', 'drip'] as const),
]

/** What the provider does next: a fault with probability `share`, else a good answer, some of them slow. */
export function misbehave(random: Random, share: number): Behaviour {
  if (random() < share) return FAULTS[Math.floor(random() * FAULTS.length)] ?? 'ok'
  const ms = Math.round(random() * 300)
  const which = random()
  return which < 0.4 ? 'ok' : which < 0.7 ? { delayMs: ms } : { pauseMs: ms }
}
