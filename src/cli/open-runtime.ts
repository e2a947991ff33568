import type { LoadedConfig } from '../config/index.js'
import type { Runtime } from '../server/index.js'
import type { Cli } from './cli.js'
import { ledgerPath } from './open-ledger.js'
import { packageVersion } from './version.js'

/** What a daemon serves calls with, inside this process and on this command's ledger. */
export async function openRuntime(cli: Cli, loaded: LoadedConfig, onError?: (error: unknown) => void): Promise<Runtime> {
  const { buildRuntime } = await import('../server/index.js')
  const db = await ledgerPath(cli, loaded.config)
  return buildRuntime(loaded, { db, env: cli.io.env, appVersion: packageVersion(), ...(onError && { onError }) })
}
