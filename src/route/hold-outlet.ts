import type { Outlet } from './exchange.js'

/** An outlet that holds the answer back until it has been judged. */
export interface HeldOutlet {
  readonly outlet: Outlet
  /** Something may have reached the client, so it cannot be taken back. */
  readonly released: boolean
  /** Releases what was held back, and everything after it; `more` replaces headers that have changed meanwhile. */
  release(more?: Readonly<Record<string, string>>): void
  /** Keeps it for longer than a stream may be kept: its place may be taken by another answer meanwhile. */
  setAside(): void
  /** Discards what was held back: another answer takes over. */
  drop(): void
}

/** Most bytes of an answer that wait for a judgement; a longer one is let through. */
const MOST_HELD = 8 * 1024 * 1024

/** `holdMs`: a stream is kept back no longer than this; null holds for as long as it takes. */
export function holdOutlet(outlet: Outlet, holdMs: number | null): HeldOutlet {
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
    get released() {
      return state === 'released'
    },
    release,
    setAside: () => clearTimeout(timer),
    drop() {
      clearTimeout(timer)
      state = 'dropped'
      kept = []
    },
    outlet: {
      head(status, headers) {
        if (state === 'released') outlet.head(status, headers)
        else if (state === 'held') keep((more) => outlet.head(status, { ...headers, ...more }), 0)
      },
      write(chunk) {
        if (state === 'released') return outlet.write(chunk)
        if (state === 'held') keep(() => outlet.write(chunk), chunk.length)
        return true
      },
      end(chunk) {
        release()
        if (state === 'released') outlet.end(chunk)
      },
      onDrain: outlet.onDrain,
      onGone: outlet.onGone,
    },
  }
}
