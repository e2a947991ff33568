import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type JobTerms, readLines, showJob, submitJob } from '../../batch/index.js'
import { profileSettings } from '../../config/index.js'
import { findDaemon } from '../../control/index.js'
import { asFault, DAY_MS, Fault, formatCount, newId } from '../../kit/index.js'
import { parseDuration } from '../../report/parse-time.js'
import { readTags } from '../../route/index.js'
import { type Cli, unknownProfile, unreadableFile } from '../cli.js'
import type { SubmitOptions } from '../commands/batch.js'
import { loadForCli } from '../load-setup.js'
import { guessFormat } from '../read-any-request.js'
import { print, printJson } from '../say.js'
import { withJobs } from './jobs.js'

/** Takes a file in. A daemon of the same ledger starts on it by itself; otherwise `batch wait` does the work. */
export async function submit(cli: Cli, file: string | undefined, options: SubmitOptions): Promise<void> {
  const { model, system, deadline, profile = null, expired = null } = options
  const written = await readAll(cli, file)
  const lines = usage(file, () => readLines(written, guessFormat, { ...(model ? { model } : {}), ...(system ? { system } : {}) }))
  const settings = profileSettings((await loadForCli(cli)).config)
  if (profile !== null && settings[profile] === undefined) throw unknownProfile(profile, Object.keys(settings))
  const deadlineMs =
    deadline === undefined ? ((profile === null ? null : settings[profile]?.deadlineMs) ?? DAY_MS) : parseDuration(deadline, '--deadline')
  const terms: JobTerms = { surface: 'cli', profile, key: null, tags: readTags(options.tags), client: 'llmroute-batch', expired }
  await withJobs(cli, true, async (ledger) => {
    const atMs = Date.now()
    const job = await submitJob(ledger.batch, lines, terms, { atMs, deadlineMs, id: `batch_${newId(atMs)}` }).catch(refuseDeadline)
    if (cli.globals().json) return printJson(cli, showJob(ledger.batch, job))
    const works = (await findDaemon(ledger.path)) !== null
    const next = works
      ? `The daemon works on it; see \`llmroute batch status ${job.id}\`.`
      : `Run it with \`llmroute batch wait ${job.id}\`, or start a daemon.`
    return print(cli, `${job.id}: ${formatCount(lines.length)} ${lines.length === 1 ? 'line' : 'lines'} accepted. ${next}`)
  })
}

async function readAll(cli: Cli, file: string | undefined): Promise<string> {
  if ((file === undefined || file === '-') && cli.io.stdinIs === 'terminal')
    throw new Fault('E_USAGE', 'There is no file to submit.', { hint: 'Name one, or pipe its lines in.' })
  const from: Readable = file === undefined || file === '-' ? cli.io.stdin : createReadStream(resolve(cli.io.cwd, file))
  try {
    return await text(from)
  } catch (cause) {
    throw unreadableFile(file ?? 'stdin', cause as NodeJS.ErrnoException)
  }
}

/** All that a job of readable lines can have wrong. */
function refuseDeadline(error: unknown): never {
  const fault = asFault(error)
  if (fault.code !== 'E_BAD_REQUEST') throw fault
  throw new Fault('E_USAGE', fault.message, { hint: 'Give --deadline a duration such as 24h.', cause: error })
}

/** An error in a file is wrong usage here. */
function usage<T>(file: string | undefined, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Fault('E_USAGE', `${file ?? 'stdin'}: ${asFault(error).message}.`, {
      hint: 'See docs/batch.md for the forms that a line may have.',
      cause: error,
    })
  }
}
