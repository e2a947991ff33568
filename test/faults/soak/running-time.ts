/** Time that this process has really run: a machine that stands still, or is too busy for it, makes no call hang. */
export interface RunningTime {
  /** Calls `late` after so many milliseconds of running; the answer cancels that. */
  after(ms: number, late: () => void): () => void
  /** Seconds that the machine did not give to this process. */
  stoodStill(): number
  stop(): void
}

const TICK_MS = 100
/** A tick that comes later than this was held up from outside. */
const MOST_MS = 250

export function startRunningTime(): RunningTime {
  let ran = 0
  let lost = 0
  let last = performance.now()
  const waiting = new Set<{ readonly at: number; readonly late: () => void }>()
  const timer = setInterval(() => {
    const now = performance.now()
    const took = now - last
    last = now
    ran += Math.min(took, MOST_MS)
    lost += Math.max(0, took - MOST_MS)
    for (const entry of waiting) {
      if (entry.at > ran) continue
      waiting.delete(entry)
      entry.late()
    }
  }, TICK_MS)
  return {
    after(ms, late) {
      const entry = { at: ran + ms, late }
      waiting.add(entry)
      return () => waiting.delete(entry)
    },
    stoodStill: () => lost / 1000,
    stop: () => clearInterval(timer),
  }
}
