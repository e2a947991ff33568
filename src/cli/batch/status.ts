import { type JobView, showJob } from '../../batch/index.js'
import { formatCount, formatDollars, table } from '../../kit/index.js'
import type { Cli } from '../cli.js'
import { type Look, lookOf } from '../paint.js'
import { print, printJson, remark } from '../say.js'
import { findJob, withJobs } from './find-job.js'

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
    { head: 'WANTED BY', leave: 1, cell: (j) => j.deadlineAt.slice(0, 16).replace('T', ' ') },
  ])
}
