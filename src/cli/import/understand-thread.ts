import { parentPort, workerData } from 'node:worker_threads'
import { asFault } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { type HistoryWanted, type UnderstoodBatch, understandHistory } from './understand-history.js'

export interface UnderstandTask {
  readonly wanted: HistoryWanted
  /** The ledger that is imported into; null when it is known to be empty. */
  readonly ledger: string | null
  /** Batches that may wait for the ledger; each that it has taken in is answered by a message. */
  readonly ahead: number
}

export type UnderstandMessage =
  | { readonly kind: 'batch'; readonly batch: UnderstoodBatch }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint: string | null }

if (parentPort !== null) {
  const port = parentPort
  const say = (message: UnderstandMessage): void => port.postMessage(message)
  const { ahead, ...task } = workerData as UnderstandTask
  let free = ahead
  let wake: (() => void) | null = null
  port.on('message', () => {
    free++
    wake?.()
  })
  const room = async (): Promise<void> => {
    while (free === 0)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    free--
  }
  run(task, room, (batch) => say({ kind: 'batch', batch })).then(
    () => say({ kind: 'end' }),
    (error: unknown) => {
      const { code, message, hint } = asFault(error)
      say({ kind: 'failed', code, message, hint: hint ?? null })
    },
  )
}

/** `room` resolves when one more batch may be given on. */
async function run(
  { wanted, ledger: path }: Omit<UnderstandTask, 'ahead'>,
  room: () => Promise<void>,
  give: (batch: UnderstoodBatch) => void,
): Promise<void> {
  const ledger = path === null ? null : await open(path)
  try {
    for await (const batch of understandHistory(wanted, ledger)) {
      await room()
      give(batch)
    }
  } finally {
    await ledger?.close()
  }
}

/** Loaded only when there is a ledger to ask: the reading begins sooner. */
async function open(path: string): Promise<Ledger> {
  const { openLedger } = await import('../../ledger/index.js')
  return openLedger(path, { readonly: true })
}
