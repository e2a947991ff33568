const MINUTE_MS = 60_000

/** Use in a minute, as a sliding estimate over the present and the previous minute. */
export interface RateWindow {
  add(amount: number, nowMs: number): void
  /** Share of `limit` per minute that is left, 0..1. */
  left(limit: number, nowMs: number): number
}

export function createWindow(): RateWindow {
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
    add(amount, nowMs) {
      turn(nowMs)
      now += amount
    },
    left(limit, nowMs) {
      turn(nowMs)
      const used = now + before * (1 - (nowMs % MINUTE_MS) / MINUTE_MS)
      return Math.max(0, 1 - used / limit)
    },
  }
}
