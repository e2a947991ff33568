import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { isRecord } from '../kit/index.js'
import { configFolder, type Env, findConfig } from './find-config.js'
import type { Config } from './schema/config.js'
import { validateConfig } from './validate-config.js'

interface LoadOptions {
  /** `--config`, else `LLMROUTE_CONFIG`, else searched for; null: no file, whatever there is. */
  readonly configPath?: string | null | undefined
  readonly cwd: string
  readonly env: Env
  /** Command-line values laid over the file, in the form of the file. */
  readonly overrides?: Overrides | undefined
}

/** Plain objects are merged key by key; anything else replaces the file's value. */
export interface Overrides {
  readonly [key: string]: unknown
}

export interface LoadedConfig {
  readonly config: Config
  /** Null when there is no file and defaults apply. */
  readonly path: string | null
  /** The user's configuration folder, where `keys.env` and tokens live. */
  readonly folder: string
}

/** Finds, reads and checks the configuration. Throws E_CONFIG. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const folder = await configFolder(options.env)
  // A variable that is set to nothing names nothing.
  const named = options.configPath ?? (options.env.LLMROUTE_CONFIG || null)
  const path = named === null || isAbsolute(named) ? named : resolve(options.cwd, named)
  const found = options.configPath === null ? null : await findConfig({ path, cwd: options.cwd, folder })
  const written = found?.value ?? {}
  const value = isRecord(written) ? merge(written, options.overrides ?? {}) : written
  const file = found?.path ?? null
  return { config: resolvePaths(validateConfig(value, file), file), path: file, folder }
}

function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base
  if (!isRecord(base) || !isRecord(over)) return over
  const keys = new Set([...Object.keys(base), ...Object.keys(over)])
  return Object.fromEntries([...keys].map((key) => [key, merge(base[key], over[key])]))
}

/** Makes the paths that a configuration file names absolute: they are relative to its folder, in whatever folder a command runs. */
function resolvePaths(config: Config, file: string | null): Config {
  if (file === null) return config
  const { ledger, keys, classifier } = config
  const at = (path: string): string => (/^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : resolve(dirname(file), path))
  const { path: database } = ledger
  const { path: stored } = keys
  const { examples } = classifier
  return {
    ...config,
    ledger: database === undefined ? ledger : { ...ledger, path: at(database) },
    keys: stored === undefined ? keys : { ...keys, path: at(stored) },
    classifier: examples === undefined ? classifier : { ...classifier, examples: at(examples) },
  }
}
