import { type Daemon, findDaemon } from '../control/index.js'
import { Fault } from '../kit/index.js'
import type { Cli } from './cli.js'
import { ledgerPath } from './open-ledger.js'

/** The daemon of this command's ledger. Throws E_EMPTY when none runs. */
export async function runningDaemon(cli: Cli): Promise<Daemon> {
  const ledger = await ledgerPath(cli)
  const daemon = await findDaemon(ledger)
  if (daemon === null)
    throw new Fault('E_EMPTY', `No daemon runs for the ledger ${ledger}.`, { hint: 'Start one with `llmroute serve --detach`.' })
  return daemon
}
