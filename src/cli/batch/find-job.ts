import { Fault } from '../../kit/index.js'
import { type BatchJobRow, type BatchStore, type Ledger, withOpenLedger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import { ledgerPath } from '../open-ledger.js'

/** A job by the first characters of its id, or the newest one as `last`. Throws E_EMPTY or E_NOT_FOUND. */
export function findJob(store: BatchStore, id: string): BatchJobRow {
  const jobs = store.jobs()
  if (jobs.length === 0) throw new Fault('E_EMPTY', 'There are no jobs yet.', { hint: 'Start one with `llmroute batch submit FILE`.' })
  const found =
    id === 'last' ? jobs.slice(0, 1) : jobs.filter((job) => job.id === id || job.id.startsWith(id) || job.id.startsWith(`batch_${id}`))
  const job = found[0]
  if (job === undefined) throw new Fault('E_NOT_FOUND', `There is no job ${id}.`, { hint: 'List them with `llmroute batch status`.' })
  if (found.length > 1) throw new Fault('E_USAGE', `${id} fits ${found.length} jobs.`, { hint: 'Give more of its id.' })
  return job
}

/** Runs `work` on the ledger, which is made if it does not exist when `writing`. */
export async function withJobs<T>(cli: Cli, writing: boolean, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  return withOpenLedger(await ledgerPath(cli), writing ? { busyMs: 200 } : { readonly: true }, work)
}
