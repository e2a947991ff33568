import { workerData } from 'node:worker_threads'
import { answerQuestions } from '../../kit/thread.js'
import { type HistoryWanted, type UnderstoodBatch, understandHistory } from './understand-history.js'

export interface UnderstandTask {
  readonly wanted: HistoryWanted
  /** The ledger that is imported into; null when it is known to be empty. */
  readonly ledger: string | null
}

const { wanted, ledger } = workerData as UnderstandTask
const batches = understandHistory(wanted, ledger === null ? null : await open(ledger))
answerQuestions<null, UnderstoodBatch | null>(async () => (await batches.next()).value ?? null)

/** Loaded only when there is a ledger to ask: the reading begins sooner. */
async function open(path: string) {
  const { openLedger } = await import('../../ledger/index.js')
  return openLedger(path, { readonly: true })
}
