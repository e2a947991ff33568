import { createThread } from '../../kit/thread.js'
import type { Ledger } from '../../ledger/index.js'
import type { HistoryWanted, UnderstoodBatch } from './understand-history.js'
import type { UnderstandTask } from './understand-thread.js'

/** Logs smaller than this are read before a second thread has started. Bytes. */
const WORTH_THREAD = 8 * 1024 * 1024
/** Short-lived data: with enough room it is seldom copied by the garbage collector. */
const YOUNG_MB = 32
/** Batches that may wait for the ledger. */
const AHEAD = 4

export interface UnderstoodHistory {
  readonly batches: AsyncIterable<UnderstoodBatch>
  /** Stops reading, wherever it is. */
  stop(): Promise<void>
}

/** Reads logs and classifies their requests, large ones in a separate thread, which starts immediately. */
export function understandInThread(wanted: HistoryWanted, ledger: Ledger | null): UnderstoodHistory {
  const bytes = wanted.files.reduce((sum, file) => sum + file.bytes, 0)
  // Only the built program has files that a thread can load.
  const isBuilt = import.meta.url.endsWith('.js')
  if (!isBuilt || bytes < WORTH_THREAD) return { batches: understandHere(wanted, ledger), stop: async () => {} }

  const task: UnderstandTask = { wanted, ledger: ledger?.path ?? null }
  const { ask, stop } = createThread<null, UnderstoodBatch | null>(new URL('./understand-thread.js', import.meta.url), task, {
    limits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const next = (): Promise<UnderstoodBatch | null> => {
    const asked = ask(null)
    // It is waited for when the batches before it are done: until then a failure is no unhandled one.
    asked.catch(() => {})
    return asked
  }
  const ahead = Array.from({ length: AHEAD }, next)

  async function* batches(): AsyncGenerator<UnderstoodBatch> {
    for (;;) {
      const batch = await ahead.shift()
      if (batch == null) return
      ahead.push(next())
      yield batch
    }
  }
  return { batches: batches(), stop }
}

/** Loaded only for this: where a thread reads, this one need not know the formats. */
async function* understandHere(wanted: HistoryWanted, ledger: Ledger | null): AsyncGenerator<UnderstoodBatch> {
  const { understandHistory } = await import('./understand-history.js')
  yield* understandHistory(wanted, ledger)
}
