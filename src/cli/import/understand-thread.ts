import { Fault } from '../../kit/fault.js'
import { answerQuestions } from '../../kit/thread.js'
import { type HistoryWanted, type UnderstoodBatch, understandHistory } from './understand-history.js'

interface Reading {
  readonly wanted: HistoryWanted
  /** The ledger that is asked about the calls, if any. */
  readonly ledger: string | null
}

/** `load` has the thread load what it needs, a reading asks for its first batch and `next` for each after it. */
export type UnderstandTask = 'load' | Reading | 'next'

let batches: AsyncGenerator<UnderstoodBatch> | null = null

answerQuestions<UnderstandTask, UnderstoodBatch | null>(async (task) => {
  if (task === 'load') return null
  if (task !== 'next') batches = understand(task)
  // This thread took the place of one that failed, for want of memory say, while nothing was asked of it.
  if (batches === null) {
    throw new Fault('E_INTERNAL', 'the thread that reads the logs ended before it had read them all', {
      hint: 'Repeat the command: calls that were imported already are skipped.',
    })
  }
  return (await batches.next()).value ?? null
})

async function* understand({ wanted, ledger: path }: Reading): AsyncGenerator<UnderstoodBatch> {
  const ledger = path === null ? null : await open(path)
  try {
    yield* understandHistory(wanted, ledger)
  } finally {
    // Before the importing thread closes its own: the last connection removes the WAL's files, which one that only reads cannot.
    await ledger?.close()
  }
}

/** Loaded only when there is a ledger to ask: the reading begins sooner. */
async function open(path: string) {
  const { openLedger } = await import('../../ledger/index.js')
  return openLedger(path, { readonly: true })
}
