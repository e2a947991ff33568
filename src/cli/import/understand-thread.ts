import { answerQuestions } from '../../kit/thread.js'
import { type HistoryWanted, type UnderstoodBatch, understandHistory } from './understand-history.js'

export interface UnderstandTask {
  readonly wanted: HistoryWanted
  /** The ledger that is imported into; null when it is known to be empty. */
  readonly ledger: string | null
}

let batches: AsyncGenerator<UnderstoodBatch> | null = null

/** The task asks for the first batch and null for each after it; null before the task only has this thread load what it needs. */
answerQuestions<UnderstandTask | null, UnderstoodBatch | null>(async (task) => {
  if (task !== null) batches = understand(task)
  return (await batches?.next())?.value ?? null
})

async function* understand({ wanted, ledger: path }: UnderstandTask): AsyncGenerator<UnderstoodBatch> {
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
