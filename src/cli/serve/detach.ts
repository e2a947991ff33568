import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Daemon, daemonLogPath } from '../../control/index.js'
import { Fault, makeFolder } from '../../kit/index.js'
import type { Cli } from '../cli.js'
import type { ServeOptions } from '../commands/serve.js'
import { ledgerPath } from '../open-ledger.js'
import { refuseRunning, startedDaemon } from '../running-daemon.js'
import { print, printJson, remark } from '../say.js'

/** A cold start reads the configuration, the prices and the ledger's newest rows. */
const START_MS = 20_000

/** Starts a daemon in the background and prints its address. */
export async function detach(cli: Cli, options: ServeOptions): Promise<void> {
  const daemon = await startInBackground(cli, options)
  if (cli.globals().json) return printJson(cli, daemon.status)
  if (daemon.status.ledgerFault) remark(cli, `Nothing is recorded for now: ${daemon.status.ledgerFault}.`)
  await print(
    cli,
    `llmroute runs in the background at ${daemon.url} (process ${daemon.status.pid}).\nSee \`llmroute status\`, \`llmroute logs\` and \`llmroute stop\`.`,
  )
}

/** Starts a daemon that outlives this terminal and waits until it answers. Throws E_CONFIG when one runs already. */
export async function startInBackground(cli: Cli, options: ServeOptions): Promise<Daemon> {
  const ledger = await ledgerPath(cli)
  await refuseRunning(ledger, 'E_CONFIG')
  const out = openDaemonLog(ledger)
  const child = spawnServe(cli, ['--db', ledger, ...passedOn(cli, options)], out, { detached: true })
  closeSync(out)
  let ended: number | null = null
  child.once('exit', (code) => {
    ended = code ?? 1
  })
  const daemon = await startedDaemon(ledger, START_MS, () => ended !== null)
  child.unref()
  if (daemon === null) {
    const log = daemonLogPath(ledger)
    // A daemon that nobody can reach would hold the ledger and its port until the next reboot.
    if (ended === null) {
      child.kill()
      throw new Fault('E_UNAVAILABLE', `The daemon did not answer within ${START_MS / 1000} seconds and was ended.`, {
        hint: `Its output is in ${log}.`,
      })
    }
    throw new Fault(ended === 2 ? 'E_CONFIG' : 'E_UNAVAILABLE', `The daemon did not start: ${lastLine(log)}`, {
      hint: `Its full output is in ${log}.`,
    })
  }
  return daemon
}

function passedOn(cli: Cli, { port, host, sandbox, tunnel }: ServeOptions): readonly string[] {
  const { config } = cli.globals()
  return [
    ...(config === undefined ? [] : ['--config', config]),
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(host === undefined ? [] : ['--host', host]),
    ...(sandbox ? ['--sandbox'] : []),
    ...(tunnel === undefined ? [] : tunnel === true ? ['--tunnel'] : ['--tunnel', tunnel]),
  ]
}

function lastLine(log: string): string {
  const [last = ''] = readFileSync(log, 'utf8').trim().split('\n').slice(-1)
  return last.replace(/^llmroute: /, '') || 'it printed nothing'
}

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
