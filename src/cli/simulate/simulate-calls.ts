import type { Ledger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import type { Reading } from '../import/logs.js'
import { withHistory } from '../import/with-history.js'
import { withLedger } from '../open-ledger.js'
import { checkPage } from '../write-page.js'
import { checkPolicyNames } from './choose-policies.js'
import { runSimulation, type SimulationOptions } from './run-simulation.js'

/** Simulates the calls of the user's ledger, or those of the logs that are being read. */
export async function simulateCalls(
  cli: Cli,
  options: SimulationOptions,
  { since, until }: { readonly since?: number; readonly until?: number },
  reading: Reading | null,
): Promise<void> {
  checkPolicyNames(options)
  if (options.html !== undefined) await checkPage(cli, options.html)
  const times = { ...(since === undefined ? {} : { sinceMs: since }), ...(until === undefined ? {} : { untilMs: until }) }
  const simulate = (ledger: Ledger): Promise<void> => runSimulation(cli, options, ledger, times)
  return reading === null ? withLedger(cli, simulate) : withHistory(cli, reading, simulate)
}
