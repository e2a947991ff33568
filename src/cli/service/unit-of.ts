import { fileURLToPath } from 'node:url'
import type { LoadedConfig } from '../../config/index.js'
import { daemonLogPath } from '../../control/index.js'
import { passedOn, thisMachine, type Unit, unitFor } from '../../setup/index.js'
import type { Cli } from '../cli.js'

/** The service of this configuration and ledger, by absolute paths: it starts in no folder of yours. */
export function unitOf(cli: Cli, loaded: LoadedConfig, ledger: string): Unit {
  const machine = thisMachine(cli.io.env, cli.io.cwd)
  const program = fileURLToPath(new URL('../../../bin/llmroute', import.meta.url))
  return unitFor(machine.platform, {
    node: process.execPath,
    program,
    options: ['--db', ledger, ...(loaded.path === null ? [] : ['--config', loaded.path])],
    env: passedOn(machine),
    log: daemonLogPath(ledger),
    home: machine.home,
    uid: process.getuid?.() ?? null,
  })
}
