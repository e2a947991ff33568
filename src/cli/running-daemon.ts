import { setTimeout as sleep } from 'node:timers/promises'
import { type Daemon, findDaemon, reloadDaemon } from '../control/index.js'
import { Fault } from '../kit/index.js'
import type { Cli } from './cli.js'
import { defaultLedger, ledgerPath } from './open-ledger.js'

/** The daemon of this command's ledger. Throws E_EMPTY when none runs. */
export async function runningDaemon(cli: Cli): Promise<Daemon> {
  const ledger = await daemonLedger(cli)
  const daemon = await findDaemon(ledger)
  if (daemon === null)
    throw new Fault('E_EMPTY', `No daemon runs for the ledger ${ledger}.`, { hint: 'Start one with `llmroute serve --detach`.' })
  return daemon
}

/**
 * The ledger by which this command finds its daemon. While the configuration is invalid a daemon goes by the last valid one, and is to be
 * asked what is wrong, or stopped: it is found if its ledger is the default one. Throws E_CONFIG.
 */
export async function daemonLedger(cli: Cli): Promise<string> {
  try {
    return await ledgerPath(cli)
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'E_CONFIG')) throw error
    const ledger = await defaultLedger()
    const path = (await findDaemon(ledger))?.status.config.path ?? null
    if (path !== null && error.message.startsWith(path)) return ledger
    const hint = `${error.hint ?? ''} Until then, a daemon with another ledger is found with --db.`.trim()
    throw new Fault('E_CONFIG', error.message, { hint, cause: error })
  }
}

/** Throws when a daemon has this ledger already. */
export async function refuseRunning(ledger: string, code: 'E_CONFIG' | 'E_CONFLICT'): Promise<void> {
  const running = await findDaemon(ledger)
  if (running !== null)
    throw new Fault(code, `A daemon with this ledger already listens at ${running.url} (process ${running.status.pid}).`, {
      hint: 'End it with `llmroute stop` first, or give another ledger with --db.',
    })
}

const LOOK_MS = 100

/** The daemon that is being started, once it answers; null when it does not in time, or `gaveUp` says that it has ended. */
export async function startedDaemon(ledger: string, withinMs: number, gaveUp = () => false): Promise<Daemon | null> {
  for (const until = Date.now() + withinMs; Date.now() < until && !gaveUp(); await sleep(LOOK_MS)) {
    const daemon = await findDaemon(ledger)
    if (daemon !== null) return daemon
  }
  return null
}

/** Has a running daemon take its configuration, keys, weights and examples again. */
export async function tellDaemon(cli: Cli, ledger?: string): Promise<void> {
  const daemon = await findDaemon(ledger ?? (await ledgerPath(cli)))
  if (daemon === null) return
  const { error } = await reloadDaemon(daemon)
  if (error != null) cli.io.stderr.write(`llmroute: the daemon could not take its configuration again: ${error}\n`)
}
