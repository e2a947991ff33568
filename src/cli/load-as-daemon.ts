import { type LoadedConfig, loadConfig, resolvePool, systemPorts } from '../config/index.js'
import { type Daemon, findDaemon } from '../control/index.js'
import type { Runtime } from '../server/index.js'
import type { Cli } from './cli.js'
import { loadForCli } from './load-setup.js'
import { ledgerPath } from './open-ledger.js'
import { remark } from './say.js'
import { packageVersion } from './version.js'

/**
 * The configuration of the daemon that `ask` would use, else the one found here, so that the preview is about the process that would do the
 * work.
 */
export async function loadAsDaemon(cli: Cli): Promise<LoadedConfig> {
  const own = await loadForCli(cli)
  if (cli.globals().config !== undefined) return own
  const daemon = await findDaemon(await ledgerPath(cli, own.config))
  if (daemon === null) return own
  const { status } = daemon
  const its = await otherConfig(cli, daemon, own)
  if (its === null && own.path !== null) return own
  if (its !== null) remark(cli, `This is what the daemon at ${status.url} does, which uses ${its}, not ${own.path}.`)
  return loadConfig({
    configPath: status.config.path,
    cwd: cli.io.cwd,
    env: cli.io.env,
    overrides: status.sandbox ? { sandbox: true } : undefined,
  })
}

/** What configuration a daemon uses, in words, if it is not the one found here; null if it is, or if none was found here. */
export async function otherConfig(cli: Cli, { status }: Daemon, own: LoadedConfig): Promise<string | null> {
  if (own.path === null) return null
  const { path } = status.config
  if (path === null) return 'no configuration file'
  if (path !== own.path) return path
  return status.sandbox && !(await isSimulated(cli, own)) ? 'simulated models' : null
}

/** Whether a daemon started here with this configuration would have simulated models, too; nobody is asked for keys or models. */
async function isSimulated(cli: Cli, own: LoadedConfig): Promise<boolean> {
  const ports = { ...systemPorts, runCommand: async () => 'not asked', listModels: async () => null, prices: async () => null }
  return resolvePool(own, cli.io.env, ports).then(
    ({ sandbox }) => sandbox,
    () => false,
  )
}

/** What a daemon serves calls with, inside this process and on this command's ledger. */
export async function openRuntime(cli: Cli, loaded: LoadedConfig, onError?: (error: unknown) => void): Promise<Runtime> {
  const { buildRuntime } = await import('../server/index.js')
  const db = await ledgerPath(cli, loaded.config)
  return buildRuntime(loaded, { db, env: cli.io.env, appVersion: packageVersion(), ...(onError && { onError }) })
}
