import { Worker } from 'node:worker_threads'
import { Fault, type FaultCode } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import type { HistoryWanted, UnderstoodBatch } from './understand-history.js'
import type { UnderstandMessage, UnderstandTask } from './understand-thread.js'

/** Logs smaller than this are read before a second thread has started. Bytes. */
const WORTH_THREAD = 8 * 1024 * 1024
/** Short-lived data: with enough room it is seldom copied by the garbage collector. */
const YOUNG_MB = 32
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

  const workerData: UnderstandTask = { wanted, ledger: ledger?.path ?? null, ahead: AHEAD }
  const url = new URL('./understand-thread.js', import.meta.url)
  const worker = new Worker(url, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })
  const said: UnderstandMessage[] = []
  let wake: (() => void) | null = null
  const hear = (message: UnderstandMessage): void => {
    said.push(message)
    wake?.()
  }
  const ended = (message: string): void => hear({ kind: 'failed', code: 'E_INTERNAL', message, hint: null })
  worker.on('message', hear)
  worker.on('error', (error) => ended(error instanceof Error ? error.message : String(error)))
  worker.on('exit', () => ended('the thread that reads the logs has ended'))

  async function* batches(): AsyncGenerator<UnderstoodBatch> {
    for (;;) {
      const message = said.shift()
      switch (message?.kind) {
        case undefined:
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          break
        case 'batch':
          worker.postMessage('taken')
          yield message.batch
          break
        case 'end':
          return
        case 'failed':
          throw new Fault(message.code as FaultCode, message.message, message.hint === null ? {} : { hint: message.hint })
      }
    }
  }

  return {
    batches: batches(),
    stop: async () => {
      await worker.terminate()
    },
  }
}

/** Loaded only for this: where a thread reads, this one need not know the formats. */
async function* understandHere(wanted: HistoryWanted, ledger: Ledger | null): AsyncGenerator<UnderstoodBatch> {
  const { understandHistory } = await import('./understand-history.js')
  yield* understandHistory(wanted, ledger)
}
