import { chatModels } from '../catalog/index.js'
import { type LoadedConfig, loadConfig, type Overrides, type Pool, resolvePolicies, resolvePool, sandboxSettings } from '../config/index.js'
import type { ResolvedPolicy } from '../policy/index.js'
import type { Cli } from './cli.js'

export interface ConfiguredSetup {
  readonly loaded: LoadedConfig
  readonly pool: Pool
  readonly policies: Readonly<Record<string, ResolvedPolicy>>
}

export function loadForCli(cli: Cli, overrides?: Overrides): Promise<LoadedConfig> {
  return loadConfig({ configPath: cli.globals().config, cwd: cli.io.cwd, env: cli.io.env, overrides })
}

/** The configuration with its pool and policies, as a server started here and now would have them. Throws E_CONFIG. */
export async function loadSetup(cli: Cli, overrides?: Overrides): Promise<ConfiguredSetup> {
  return setupOf(cli, await loadForCli(cli, overrides))
}

export async function setupOf(cli: Cli, loaded: LoadedConfig): Promise<ConfiguredSetup> {
  const pool = await resolvePool(loaded, cli.io.env)
  const chat = chatModels(pool.models).map(({ id }) => id)
  return { loaded, pool, policies: resolvePolicies(loaded.config, chat) }
}

/** Whether only simulated models could answer, and none were asked for. */
export function isKeyless({ pool, loaded }: ConfiguredSetup): boolean {
  return pool.sandbox && sandboxSettings(loaded.config).enabled !== true
}
