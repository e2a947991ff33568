import { findDaemon, reloadDaemon } from '../control/index.js'
import type { Cli } from './cli.js'
import { ledgerPath } from './open-ledger.js'

/** Has a running daemon take its configuration, keys, weights and examples again. */
export async function tellDaemon(cli: Cli, ledger?: string): Promise<void> {
  const daemon = await findDaemon(ledger ?? (await ledgerPath(cli)))
  if (daemon === null) return
  const { error } = await reloadDaemon(daemon)
  if (error != null) cli.io.stderr.write(`llmroute: the daemon could not take its configuration again: ${error}\n`)
}
