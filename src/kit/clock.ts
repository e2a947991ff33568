/** Time as a port, so that tests and replays decide what time it is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Monotonic milliseconds with sub-millisecond digits, for durations. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

/** Node fires a timer that is set for longer at once. Almost 25 days. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Local time zone as minutes east of UTC at `ms`. */
export function timezoneMinutes(ms: number): number {
  return -new Date(ms).getTimezoneOffset()
}

/** The local day of a time, as 2026-11-22. */
export function localDay(time: number | string): string {
  const d = new Date(time)
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`
}

/** Milliseconds as the ledger keeps them, so that what is learned live equals what is learned from the log, to the last bit. */
export function wholeMicroseconds(ms: number): number
export function wholeMicroseconds(ms: number | null): number | null
export function wholeMicroseconds(ms: number | null): number | null {
  // No negative zero: it would not survive a round trip.
  return ms === null ? null : (Math.round(ms * 1000) || 0) / 1000
}

/** Milliseconds. */
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
