/**
 * Reads what users configure: finds the file, checks it, and turns it into a pool of models, credentials and policies.
 * It never guesses at an invalid file and never puts a secret where it could be stored.
 */
export { checkConfig, unsetSecrets } from './check-config.js'
export { needSecret, withKeysFile } from './credentials.js'
export { defineConfig } from './define-config.js'
export { configFolder, type Env } from './find-config.js'
export { type LoadedConfig, loadConfig, type Overrides } from './load-config.js'
export {
  createLocalKey,
  localKeysPath,
  matchLocalKey,
  readLocalKeys,
  revokeLocalKey,
  type StoredKey,
} from './local-keys.js'
export { type PoolPorts, systemPorts } from './pool-ports.js'
export { currentPrices, type PriceSource, priceSource, updatePrices } from './price-list.js'
export { profileSettings } from './profile-settings.js'
export { resolvePolicies } from './resolve-policies.js'
export { type Pool, resolvePool } from './resolve-pool.js'
export { type Config, type RouterConfig, sandboxSettings } from './schema/config.js'
export { validateConfig } from './validate-config.js'
export { stampOf, watchConfig } from './watch-config.js'
