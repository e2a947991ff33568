import type { Outlet } from './exchange.js'

/** Most bytes of an answer that wait for a judgement; a longer one is let through. */
const MOST_HELD = 8 * 1024 * 1024

/**
 * An outlet that holds the answer back until it has been judged. `holdMs`: a stream is kept back no longer than this; null holds for as long
 * as it takes.
 */
export function holdOutlet(outlet: Outlet, holdMs: number | null) {
  let kept: ((more: Readonly<Record<string, string>>) => void)[] = []
  let bytes = 0
  let state: 'held' | 'released' | 'dropped' = 'held'
  const release = (more: Readonly<Record<string, string>> = {}): void => {
    if (state !== 'held') return
    clearTimeout(timer)
    state = 'released'
    for (const step of kept) step(more)
    kept = []
  }
  const timer = holdMs === null ? undefined : setTimeout(release, holdMs)
  const keep = (step: (more: Readonly<Record<string, string>>) => void, size: number): void => {
    kept.push(step)
    bytes += size
    if (bytes > MOST_HELD) release()
  }
  return {
    /** Something may have reached the client, so it cannot be taken back. */
    get released() {
      return state === 'released'
    },
    /** Releases what was held back, and everything after it; `more` replaces headers that have changed meanwhile. */
    release,
    /** Keeps it for longer than a stream may be kept: its place may be taken by another answer meanwhile. */
    setAside: () => clearTimeout(timer),
    /** Discards what was held back: another answer takes over. */
    drop() {
      clearTimeout(timer)
      state = 'dropped'
      kept = []
    },
    outlet: {
      head(status: number, headers: Readonly<Record<string, string>>) {
        if (state === 'released') outlet.head(status, headers)
        else if (state === 'held') keep((more) => outlet.head(status, { ...headers, ...more }), 0)
      },
      write(chunk: Uint8Array | string) {
        if (state === 'released') return outlet.write(chunk)
        if (state === 'held') keep(() => outlet.write(chunk), chunk.length)
        return true
      },
      end(chunk?: Uint8Array | string) {
        release()
        if (state === 'released') outlet.end(chunk)
      },
      onDrain: outlet.onDrain,
      onGone: outlet.onGone,
    },
  }
}
