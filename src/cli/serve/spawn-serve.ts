import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { daemonLogPath } from '../../control/index.js'
import { makeFolder } from '../../kit/index.js'
import type { Cli } from '../cli.js'

/** Empties the log of this ledger's daemon, which `llmroute logs` reads, and opens it. */
export function openDaemonLog(ledger: string): number {
  const log = daemonLogPath(ledger)
  makeFolder(dirname(log), 0o700)
  return openSync(log, 'w', 0o600)
}

/** `llmroute serve` as a separate process that writes its output to a file. */
export function spawnServe(cli: Cli, args: readonly string[], out: number, options: { readonly detached: boolean }): ChildProcess {
  const program = fileURLToPath(new URL('../../../bin/llmroute', import.meta.url))
  return spawn(process.execPath, [program, 'serve', ...args], {
    cwd: cli.io.cwd,
    env: { ...cli.io.env, NO_COLOR: '1' },
    windowsHide: true,
    stdio: ['ignore', out, out],
    ...options,
  })
}
