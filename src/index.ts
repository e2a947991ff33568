/** What a configuration file may import from llmroute: `defineConfig` and the types of what it takes. */
export { defineConfig } from './config/define-config.js'
export type { RouterConfig } from './config/schema/config.js'
