import type { Headers } from './exchange.js'

/** The rate limit according to an answer's headers. */
export interface RateLimit {
  /** The smallest remaining share of requests and tokens, 0..1; null when the headers do not say. */
  readonly left: number | null
  /** Milliseconds until that limit is full again; null when unknown. */
  readonly resetMs: number | null
}

/**
 * Names of (remaining, limit, reset) headers: OpenAI and those who copy it, Mistral (no reset), Cerebras
 * (inference-docs.cerebras.ai/support/rate-limits), then Anthropic.
 */
const WINDOWS: readonly (readonly [remaining: string, limit: string, reset: string])[] = [
  ['x-ratelimit-remaining-requests', 'x-ratelimit-limit-requests', 'x-ratelimit-reset-requests'],
  ['x-ratelimit-remaining-tokens', 'x-ratelimit-limit-tokens', 'x-ratelimit-reset-tokens'],
  ['x-ratelimit-remaining', 'x-ratelimit-limit', 'x-ratelimit-reset'],
  ['x-ratelimit-remaining-req-minute', 'x-ratelimit-limit-req-minute', 'x-ratelimit-reset-req-minute'],
  ['x-ratelimit-remaining-tokens-minute', 'x-ratelimit-limit-tokens-minute', 'x-ratelimit-reset-tokens-minute'],
  ['x-ratelimit-remaining-requests-day', 'x-ratelimit-limit-requests-day', 'x-ratelimit-reset-requests-day'],
  ['anthropic-ratelimit-requests-remaining', 'anthropic-ratelimit-requests-limit', 'anthropic-ratelimit-requests-reset'],
  ['anthropic-ratelimit-input-tokens-remaining', 'anthropic-ratelimit-input-tokens-limit', 'anthropic-ratelimit-input-tokens-reset'],
  ['anthropic-ratelimit-output-tokens-remaining', 'anthropic-ratelimit-output-tokens-limit', 'anthropic-ratelimit-output-tokens-reset'],
  ['anthropic-ratelimit-tokens-remaining', 'anthropic-ratelimit-tokens-limit', 'anthropic-ratelimit-tokens-reset'],
]

/** The tightest window. `nowMs` turns absolute reset times into durations. */
export function readRateLimit(headers: Headers, nowMs: number): RateLimit | null {
  let left: number | null = null
  let resetMs: number | null = null
  for (const [remaining, limit, reset] of WINDOWS) {
    const of = Number(headers[limit])
    const share = Number(headers[remaining]) / of
    if (!Number.isFinite(share) || of <= 0 || (left !== null && share >= left)) continue
    left = Math.max(0, Math.min(1, share))
    resetMs = readReset(headers[reset], nowMs)
  }
  return left === null ? null : { left, resetMs }
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `1s`, `6m0s`, `250ms`, seconds, seconds since the epoch, or an RFC 3339 time; milliseconds from now. */
export function readReset(value: string | undefined, nowMs: number): number | null {
  if (value === undefined || value === '') return null
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)]
  if (parts.map((p) => p[0]).join('') === value) {
    return parts.reduce((sum, p) => sum + Number(p[1]) * (UNIT_MS[p[2] ?? ''] ?? 0), 0)
  }
  const number = Number(value)
  if (Number.isFinite(number))
    return number > 1e12 ? Math.max(0, number - nowMs) : number > 1e9 ? Math.max(0, number * 1000 - nowMs) : number * 1000
  const time = Date.parse(value)
  return Number.isNaN(time) ? null : Math.max(0, time - nowMs)
}

const MINUTE_MS = 60_000

export type RateWindow = ReturnType<typeof createWindow>

/** Use in a minute, as a sliding estimate over the present and the previous minute. */
export function createWindow() {
  let minute = 0
  let now = 0
  let before = 0
  const turn = (nowMs: number): void => {
    const m = Math.floor(nowMs / MINUTE_MS)
    if (m === minute) return
    before = m === minute + 1 ? now : 0
    now = 0
    minute = m
  }
  return {
    add(amount: number, nowMs: number): void {
      turn(nowMs)
      now += amount
    },
    /** Share of `limit` per minute that is left, 0..1. */
    left(limit: number, nowMs: number): number {
      turn(nowMs)
      const used = now + before * (1 - (nowMs % MINUTE_MS) / MINUTE_MS)
      return Math.max(0, 1 - used / limit)
    },
  }
}
