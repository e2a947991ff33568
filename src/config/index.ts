/**
 * Reads what users configure: finds the file, checks it, and turns it into a pool of models, credentials and policies.
 * It never guesses at an invalid file and never puts a secret where it could be stored.
 */
export { checkConfig, type Finding, unsetSecrets } from './check-config.js'
export { configReference } from './config-reference.js'
export { configurationPage } from './configuration-page.js'
export { fromVariables, withKeysFile } from './credentials.js'
export { defineConfig } from './define-config.js'
export { configFolder, type Env } from './find-config.js'
export { type LoadedConfig, type LoadOptions, loadConfig, type Overrides } from './load-config.js'
export {
  createLocalKey,
  type KeyWish,
  localKeysPath,
  matchLocalKey,
  readLocalKeys,
  revokeLocalKey,
  type StoredKey,
} from './local-keys.js'
export { type PoolPorts, systemPorts } from './pool-ports.js'
export { currentPrices, type PriceSource, priceSource, updatePrices } from './price-list.js'
export { type ProfileSettings, profileSettings } from './profile-settings.js'
export { resolvePolicies } from './resolve-policies.js'
export { type MissingModel, type Pool, resolvePool } from './resolve-pool.js'
export { type SandboxSettings, sandboxSettings } from './sandbox-settings.js'
export type { Config, RouterConfig } from './schema/config.js'
export { parseSize } from './schema/quantities.js'
export { validateConfig } from './validate-config.js'
export { type ConfigChange, watchConfig } from './watch-config.js'
