import { setTimeout as pause } from 'node:timers/promises'
import { type JobView, showJob } from '../../batch/index.js'
import { findDaemon } from '../../control/index.js'
import { Fault, formatCount, formatDollars } from '../../kit/index.js'
import type { BatchStore } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import { openRuntime } from '../load-as-daemon.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { progressBar } from '../progress-bar.js'
import { printJson } from '../say.js'
import { findJob, showJobs, withJobs } from './jobs.js'

const LOOK_MS = 250

/** Waits for the end of a job. Its work is the daemon's where one runs, and is done in this process otherwise. Throws E_CANCELLED. */
export async function wait(cli: Cli, id: string, sandbox: boolean): Promise<void> {
  const daemon = sandbox ? null : await findDaemon(await ledgerPath(cli))
  if (daemon !== null) return withJobs(cli, false, ({ batch }) => watch(cli, batch, id))
  const loaded = await loadForCli(cli, sandbox ? { sandbox: true } : undefined)
  const runtime = await openRuntime(cli, loaded, (error) => {
    if (cli.globals().verbose) cli.io.stderr.write(`${String(error)}\n`)
  })
  try {
    const ledger = runtime.ledger()
    if (ledger === null) throw new Fault('E_LEDGER', 'The ledger cannot be opened.', { hint: 'Try again in a moment.' })
    runtime.batches.start()
    await watch(cli, ledger.batch, id)
  } finally {
    await runtime.close()
  }
}

async function watch(cli: Cli, store: BatchStore, id: string): Promise<void> {
  const job = findJob(store, id)
  const bar = progressBar(cli)
  let view = showJob(store, job)
  while (view.status !== 'ended') {
    if (cli.io.interrupted.aborted) {
      bar.end()
      throw new Fault('E_CANCELLED', 'Interrupted; the job stays as it is and goes on with the next `llmroute batch wait` or daemon.')
    }
    bar.show(view.done / view.lines, words(view))
    await pause(LOOK_MS)
    view = showJob(store, store.job(job.id) ?? job)
  }
  bar.end()
  return cli.globals().json ? printJson(cli, view) : showJobs(cli, [view])
}

function words({ done, lines, costUsd }: JobView): string {
  return `${formatCount(done)} of ${formatCount(lines)}, ${formatDollars(costUsd)}`
}
