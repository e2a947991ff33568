import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { resultLines } from '../../batch/index.js'
import type { Cli } from '../cli.js'
import { write } from '../io.js'
import { remark } from '../say.js'
import { findJob, withJobs } from './find-job.js'

/** The answers that there are, as JSON Lines, with or without --json. */
export function results(cli: Cli, id: string, output: string | undefined): Promise<void> {
  return withJobs(cli, false, async ({ batch }) => {
    const job = findJob(batch, id)
    const out = output === undefined ? cli.io.stdout : createWriteStream(resolve(cli.io.cwd, output), { mode: 0o600 })
    for (const line of resultLines(batch, job, { withNote: true })) await write(out, line)
    if (out !== cli.io.stdout) await new Promise<void>((done, failed) => out.once('error', failed).end(done))
    if (job.endedAt === null) remark(cli, 'The job has not ended; these are the answers so far.')
  })
}
