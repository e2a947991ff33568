import { resultLines } from '../../batch/index.js'
import type { Cli } from '../cli.js'
import { remark } from '../say.js'
import { writeLines } from '../write-lines.js'
import { findJob, withJobs } from './find-job.js'

/** The answers that there are, as JSON Lines. */
export function results(cli: Cli, id: string, output: string | undefined): Promise<void> {
  return withJobs(cli, false, async ({ batch }) => {
    const job = findJob(batch, id)
    await writeLines(cli, resultLines(batch, job, { withNote: true }), output)
    if (job.endedAt === null) remark(cli, 'The job has not ended; these are the answers so far.')
  })
}
