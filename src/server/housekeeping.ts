import type { LoadedConfig } from '../config/index.js'
import { type Ledger, retain } from '../ledger/index.js'
import { foldForPruning } from './restore-state.js'

const FIRST_MS = 60_000
const EVERY_MS = 3_600_000

/** Keeps the ledger to its time and size, in small steps behind the calls: a minute after the start, then every hour. */
export function startHousekeeping(
  current: () => Ledger | null,
  settings: () => LoadedConfig['config']['ledger'],
  report: (error: unknown) => void,
): { stop(): void } {
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  const plan = (ms: number): void => {
    timer = setTimeout(round, ms)
    timer.unref()
  }
  const round = (): void => {
    const ledger = current()
    const { keep, maxSize } = settings()
    const work = ledger === null ? Promise.resolve() : retain(ledger, { keepMs: keep, maxBytes: maxSize, fold: foldForPruning(ledger) })
    work.catch(report).finally(() => {
      if (!stopped) plan(EVERY_MS)
    })
  }
  plan(FIRST_MS)
  return {
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
