import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../config/index.js'
import { Fault } from '../kit/index.js'
import { type Ledger, type OpenLedgerOptions, withOpenLedger } from '../ledger/index.js'
import type { Cli } from './cli.js'

/**
 * The ledger a command works on: `--db`, `LLMROUTE_DB`, the configuration's, else one in the user's data folder. `config` is given by
 * commands that have read it already; others read it only when it decides, since that means running it.
 */
export async function ledgerPath(cli: Cli, config?: Config): Promise<string> {
  const { cwd } = cli.io
  const named = namedLedger(cli)
  if (named !== null) return resolve(cwd, named)
  const { ledger } = config ?? (await readConfig(cli))
  return ledger.path ?? defaultLedger()
}

export async function defaultLedger(): Promise<string> {
  const { default: envPaths } = await import('env-paths')
  return join(envPaths('llmroute', { suffix: '' }).data, 'ledger.db')
}

export function hasNamedLedger(cli: Cli): boolean {
  return namedLedger(cli) !== null
}

function namedLedger(cli: Cli): string | null {
  return (cli.globals().db ?? cli.io.env.LLMROUTE_DB) || null
}

async function readConfig(cli: Cli): Promise<Config> {
  const { loadForCli } = await import('./load-setup.js')
  return (await loadForCli(cli)).config
}

/** Runs `work` on the ledger, opened for reading unless `options` say otherwise. Throws E_EMPTY when there is none or it holds no call. */
export async function withLedger<T>(
  cli: Cli,
  work: (ledger: Ledger) => Promise<T>,
  options: OpenLedgerOptions = { readonly: true },
): Promise<T> {
  const path = await ledgerPath(cli)
  if (!existsSync(path)) throw emptyLedger(path)
  return withOpenLedger(path, options, (ledger) => {
    if (ledger.counts().calls === 0) throw emptyLedger(path)
    return work(ledger)
  })
}

function emptyLedger(path: string): Fault {
  return new Fault('E_EMPTY', `The ledger ${path} holds no calls yet.`, { hint: 'Send one with `llmroute ask "Name three primes."`.' })
}
