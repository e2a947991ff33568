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

/** Local time zone as minutes east of UTC at `ms`. */
export function timezoneMinutes(ms: number): number {
  return -new Date(ms).getTimezoneOffset()
}
