import { entry } from '../kit/index.js'
import { type Breaker, breakerAfter, breakerState, CLOSED, type HealthEvent, isPutBack } from './breaker.js'
import { createWindow, type RateLimit, type RateWindow } from './rate-limit.js'

/** What is currently known about one model. */
export interface Health {
  readonly breaker: 'closed' | 'half-open' | 'open'
  /** Wall-clock milliseconds at which an open breaker lets a probe through. */
  readonly openUntilMs: number | null
  /** The smallest remaining share of the provider's and the configured limits; null when unknown. */
  readonly quotaLeft: number | null
}

interface Entry {
  breaker: Breaker
  left: number | null
  leftSinceMs: number
  leftUntilMs: number
  readonly requests: RateWindow
  readonly tokens: RateWindow
}

const HEALTHY = { breaker: CLOSED, left: null, leftSinceMs: 0, leftUntilMs: 0 }

/** How long a share is believed when the provider does not say when its window ends. */
const SHARE_MS = 60_000

/** Live health by model id. Reading it costs no I/O; it starts healthy and forgets on restart and reload. */
export type HealthBoard = ReturnType<typeof createHealthBoard>

export function createHealthBoard(limitsOf: (model: string) => { readonly rpm: number | null; readonly tpm: number | null } | null) {
  const entries = new Map<string, Entry>()
  const entryOf = (model: string): Entry => entry(entries, model, () => ({ ...HEALTHY, requests: createWindow(), tokens: createWindow() }))
  const quotaLeft = (model: string, e: Entry, nowMs: number): number | null => {
    let least = nowMs < e.leftUntilMs && !isPutBack(nowMs, e.leftSinceMs) ? e.left : null
    const limits = limitsOf(model)
    if (limits?.rpm) least = Math.min(least ?? 1, e.requests.left(limits.rpm, nowMs))
    if (limits?.tpm) least = Math.min(least ?? 1, e.tokens.left(limits.tpm, nowMs))
    return least
  }
  return {
    read(model: string, nowMs: number): Health {
      const e = entryOf(model)
      return { breaker: breakerState(e.breaker, nowMs), openUntilMs: e.breaker.openUntilMs, quotaLeft: quotaLeft(model, e, nowMs) }
    },
    /**
     * Takes the right to send: false when the breaker is open, or half-open with its probe already under way, unless `besideProbe`: the probe's
     * answer may take minutes, and a call without another model would have to be refused meanwhile.
     */
    enter(model: string, nowMs: number, besideProbe = false) {
      const e = entryOf(model)
      const state = breakerState(e.breaker, nowMs)
      if (state === 'open' && !(besideProbe && e.breaker.probing)) return false
      if (state === 'half-open') e.breaker = { ...e.breaker, probing: true }
      e.requests.add(1, nowMs)
      return true
    },
    /** Every `enter` that returned true is followed by exactly one `leave`. */
    leave(model: string, event: HealthEvent, nowMs: number) {
      const e = entryOf(model)
      e.breaker = breakerAfter(e.breaker, event, nowMs)
    },
    limits(model: string, seen: RateLimit, nowMs: number) {
      const e = entryOf(model)
      e.left = seen.left
      e.leftSinceMs = nowMs
      e.leftUntilMs = nowMs + (seen.resetMs ?? SHARE_MS)
    },
    /** The cause may be fixed and limits may have changed: all models count as healthy again. What was used in this minute stays used. */
    forget() {
      for (const e of entries.values()) Object.assign(e, HEALTHY)
    },
    /** Tokens of a finished attempt, for the configured tokens per minute. */
    tokens(model: string, count: number, nowMs: number) {
      entryOf(model).tokens.add(count, nowMs)
    },
  }
}
