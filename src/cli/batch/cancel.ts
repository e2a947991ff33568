import { cancelJob, showJob } from '../../batch/index.js'
import type { Cli } from '../cli.js'
import { print, printJson } from '../say.js'
import { findJob, withJobs } from './find-job.js'

/** The process that works on the job cancels what was sent to a provider; existing answers stay. */
export function cancel(cli: Cli, id: string): Promise<void> {
  return withJobs(cli, true, async ({ batch }) => {
    const job = findJob(batch, id)
    const did = await cancelJob(batch, job, Date.now())
    if (cli.globals().json) return printJson(cli, showJob(batch, batch.job(job.id) ?? job))
    return print(cli, did ? `${job.id} is being cancelled.` : `${job.id} had ended already.`)
  })
}
