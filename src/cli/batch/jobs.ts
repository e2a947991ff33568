import { cancelJob, type JobView, resultLines, showJob } from '../../batch/index.js'
import { Fault, formatCount, formatDollars, formatMoment, table } from '../../kit/index.js'
import { type BatchJobRow, type BatchStore, type Ledger, withOpenLedger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import { ledgerPath } from '../open-ledger.js'
import { type Look, lookOf } from '../paint.js'
import { answer, print, printJson, remark } from '../say.js'
import { writeLines } from '../write-output.js'

/** The process that works on the job cancels what was sent to a provider; existing answers stay. */
export function cancel(cli: Cli, id: string): Promise<void> {
  return withJobs(cli, true, async ({ batch }) => {
    const job = findJob(batch, id)
    const did = await cancelJob(batch, job, Date.now())
    const said = did ? `${job.id} is being cancelled.` : `${job.id} had ended already.`
    return answer(cli, showJob(batch, batch.job(job.id) ?? job), () => said)
  })
}

export function results(cli: Cli, id: string, output: string | undefined): Promise<void> {
  return withJobs(cli, false, async ({ batch }) => {
    const job = findJob(batch, id)
    await writeLines(cli, resultLines(batch, job, { withNote: true }), output)
    if (job.endedAt === null) remark(cli, 'The job has not ended; these are the answers so far.')
  })
}

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

/** The progress of one job, or of all, newest first. */
export function status(cli: Cli, id: string | undefined): Promise<void> {
  return withJobs(cli, false, async ({ batch }) => {
    const jobs = id === undefined ? batch.jobs({ limit: 50 }) : [findJob(batch, id)]
    const views = jobs.map((job) => showJob(batch, job))
    if (cli.globals().json) return printJson(cli, id === undefined ? views : views[0])
    if (views.length === 0) return print(cli, 'There are no jobs yet. Start one with `llmroute batch submit FILE`.')
    return showJobs(cli, views)
  })
}

/** A table, and what of it may have cost more than it says. */
export async function showJobs(cli: Cli, jobs: readonly JobView[]): Promise<void> {
  await print(cli, jobTable(jobs, lookOf(cli.io)))
  const cut = jobs.reduce((sum, job) => sum + job.interrupted, 0)
  if (cut > 0) remark(cli, `Requests in flight when llmroute was stopped, possibly billed: ${formatCount(cut)}.`)
}

function jobTable(jobs: readonly JobView[], look: Look): string {
  return table<JobView>(jobs, look, [
    { head: 'JOB', cell: (j) => j.id },
    { head: 'STATUS', leave: 6, cell: (j) => (j.status === 'ended' && j.counts.cancelled > 0 ? 'cancelled' : j.status) },
    { head: 'DONE', leave: 5, cell: (j) => `${formatCount(j.done - j.counts.cancelled)}/${formatCount(j.lines)}` },
    { head: 'OK', leave: 2, cell: (j) => formatCount(j.counts.ok) },
    { head: 'FAILED', leave: 3, cell: (j) => formatCount(j.counts.failed + j.counts.expired) },
    { head: 'COST', leave: 4, cell: (j) => formatDollars(j.costUsd) },
    { head: 'DUE', leave: 1, cell: (j) => formatMoment(Date.parse(j.deadlineAt)) },
  ])
}
