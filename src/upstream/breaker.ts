/** How one attempt ended, for its model's health. */
export type HealthEvent =
  | { readonly kind: 'ok' }
  /** The model could not serve: connection, timeout, 5xx, 529. */
  | {
      readonly kind: 'failed'
      readonly retryAfterMs: number | null
      /** No connection was made: no network, unknown host, or nothing listening. */
      readonly unreached?: boolean
    }
  /** 429: the quota is used up for a while. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number | null }
  /** 401, 403 or an unknown model: no retry helps until somebody fixes it. */
  | { readonly kind: 'misconfigured' }
  /** Says nothing of the model: a bad request, a client that went away. */
  | { readonly kind: 'neutral' }

export interface Breaker {
  readonly failures: number
  /** Times in a row that it opened for as long as its back-off says. */
  readonly opened: number
  /** Closed when null. */
  readonly openUntilMs: number | null
  /** When that was set. */
  readonly openSinceMs: number
  /** A probe is under way. */
  readonly probing: boolean
}

export const CLOSED: Breaker = { failures: 0, opened: 0, openUntilMs: null, openSinceMs: 0, probing: false }

/** Failures in a row that open it. */
const THRESHOLD = 3
const BASE_MS = 5_000
const LONGEST_MS = 5 * 60_000
/** If nothing is reachable, trying costs milliseconds, and a machine that comes back online should continue at once. */
const LONGEST_UNREACHED_MS = 15_000
/** A refused key or an unknown model costs one short request to try, and a call that has no other model waits for it. */
const MISCONFIGURED_MS = 5_000
/** Longest pause that a provider's own `retry-after` is believed for. */
const LONGEST_ASKED_MS = 60 * 60_000
const LIMITED_MS = 2_000
const LONGEST_LIMITED_MS = 64_000

/** By how much the system may correct its clock without anything being made of it. */
const CORRECTION_MS = 60_000

/** Whether the clock was put back since it showed `sinceMs`: nobody knows then how much of a time that began there is left. */
export function isPutBack(nowMs: number, sinceMs: number): boolean {
  return nowMs < sinceMs - CORRECTION_MS
}

export function breakerState(b: Breaker, nowMs: number): 'closed' | 'half-open' | 'open' {
  if (b.openUntilMs === null) return 'closed'
  const over = nowMs >= b.openUntilMs || isPutBack(nowMs, b.openSinceMs)
  return over && !b.probing ? 'half-open' : 'open'
}

/** The breaker after `event`. Pure, so that its behaviour can be tested as a table. */
export function breakerAfter(before: Breaker, event: HealthEvent, nowMs: number): Breaker {
  // Calls that were under way when it opened fail for the same reason: it opens no more often for ten of them than for one.
  const resting = breakerState(before, nowMs) === 'open' && !before.probing
  const times = resting ? Math.max(0, before.opened - 1) : before.opened
  const backOff = (b: Breaker, baseMs: number, longestMs: number): Breaker =>
    open({ ...b, opened: times + 1 }, nowMs, Math.min(longestMs, baseMs * 2 ** times))
  switch (event.kind) {
    case 'ok':
      return CLOSED
    case 'neutral':
      return before.probing ? { ...before, probing: false } : before
    case 'misconfigured':
      return open(before, nowMs, MISCONFIGURED_MS)
    case 'limited':
      if (event.retryAfterMs !== null) return open(before, nowMs, Math.min(event.retryAfterMs, LONGEST_ASKED_MS))
      return backOff(before, LIMITED_MS, LONGEST_LIMITED_MS)
    case 'failed': {
      const b = { ...before, failures: before.failures + 1 }
      if (event.retryAfterMs !== null) return open(b, nowMs, Math.min(event.retryAfterMs, LONGEST_ASKED_MS))
      if (b.failures < THRESHOLD && !b.probing) return b
      return backOff(b, BASE_MS, event.unreached ? LONGEST_UNREACHED_MS : LONGEST_MS)
    }
  }
}

function open(b: Breaker, nowMs: number, forMs: number): Breaker {
  const until = nowMs + forMs
  const isOver = b.probing || isPutBack(nowMs, b.openSinceMs)
  return { ...b, openUntilMs: Math.max(until, isOver ? 0 : (b.openUntilMs ?? 0)), openSinceMs: nowMs, probing: false }
}
