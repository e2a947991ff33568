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

export interface LogReader {
  /** Begins to read logs and to classify their requests. `ledger` is asked which calls it has; null where it can have none of them. */
  understand(wanted: HistoryWanted, ledger: Ledger | null): AsyncIterable<UnderstoodBatch>
  stop(): Promise<void>
}

/** A reader of logs of so many bytes: if they are large a separate thread, which is started immediately. */
export function openLogReader(bytes: number): LogReader {
  // Only the built program has files that a thread can load.
  const isBuilt = import.meta.url.endsWith('.js')
  if (!isBuilt || bytes < WORTH_THREAD) return { understand: understandHere, stop: async () => {} }

  const thread = createThread<UnderstandTask, UnderstoodBatch | null>(new URL('./understand-thread.js', import.meta.url), null, {
    limits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const ask = (task: UnderstandTask): Promise<UnderstoodBatch | null> => {
    const asked = thread.ask(task)
    // It is waited for when the batches before it are done: until then a failure is no unhandled one.
    asked.catch(() => {})
    return asked
  }
  async function* batches(ahead: Promise<UnderstoodBatch | null>[]): AsyncGenerator<UnderstoodBatch> {
    for (;;) {
      const batch = await ahead.shift()
      if (batch == null) return
      ahead.push(ask('next'))
      yield batch
    }
  }
  void ask('load')
  return {
    understand(wanted, ledger) {
      const task = { wanted, ledger: ledger?.path ?? null }
      return batches(Array.from({ length: AHEAD }, (_, i) => ask(i === 0 ? task : 'next')))
    },
    stop: thread.stop,
  }
}

/** Loaded only for this: where a thread reads, this one need not know the formats. */
async function* understandHere(wanted: HistoryWanted, ledger: Ledger | null): AsyncGenerator<UnderstoodBatch> {
  const { understandHistory } = await import('./understand-history.js')
  yield* understandHistory(wanted, ledger)
}
