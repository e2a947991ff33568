import type { RouterConfig } from './schema/config.js'

/** Gives a configuration its type; it is checked when it is loaded. */
export function defineConfig(config: RouterConfig): RouterConfig {
  return config
}
