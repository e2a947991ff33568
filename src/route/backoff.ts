import type { Live } from './call.js'

/** Milliseconds before the same model is tried again, with jitter so that parallel calls do not return together. */
const SAME_MODEL_MS = 200

export function backoffMs(random: () => number): number {
  return SAME_MODEL_MS * (0.5 + random())
}

/** Waits; false when the client went away meanwhile. */
export function pause(live: Live, ms: number): Promise<boolean> {
  if (live.gone !== null) return Promise.resolve(false)
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      live.wake = null
      resolve(true)
    }, ms)
    live.wake = () => {
      clearTimeout(timer)
      resolve(false)
    }
  })
}
