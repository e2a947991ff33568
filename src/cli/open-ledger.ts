import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { Fault } from '../kit/index.js'
import { type Ledger, openLedger } from '../ledger/index.js'
import type { Cli } from './cli.js'

/** The ledger a command works on: `--db`, `LLMROUTE_DB`, the configuration's, else one in the user's data folder. */
export async function ledgerPath(cli: Cli): Promise<string> {
  const { env, cwd } = cli.io
  const named = cli.globals().db ?? env.LLMROUTE_DB
  if (named !== undefined && named !== '') return isAbsolute(named) ? named : resolve(cwd, named)
  // Reading the configuration means running it, which a command that was told its ledger can do without.
  const { loadConfig } = await import('../config/index.js')
  const { config } = await loadConfig({ configPath: cli.globals().config, cwd, env })
  return configuredLedgerPath(config.ledger.path, cwd)
}

export async function configuredLedgerPath(configured: string | undefined, cwd: string): Promise<string> {
  if (configured !== undefined) return resolve(cwd, configured)
  const { default: envPaths } = await import('env-paths')
  return join(envPaths('llmroute', { suffix: '' }).data, 'ledger.db')
}

/** Runs `work` on the ledger opened for reading and closes it. Throws E_EMPTY when there is none or it holds no call. */
export async function withLedger<T>(cli: Cli, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const path = await ledgerPath(cli)
  const empty = new Fault('E_EMPTY', `The ledger ${path} holds no calls yet.`, {
    hint: 'Send one with `llmroute ask "Name three primes."`.',
  })
  if (!existsSync(path)) throw empty
  const ledger = await openLedger(path, { readonly: true })
  try {
    if (ledger.counts().calls === 0) throw empty
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}

export function noSuchCall(id: string): Fault {
  return new Fault('E_NOT_FOUND', `There is no call ${id} in the ledger.`, { hint: 'List the calls with `llmroute log`.' })
}
