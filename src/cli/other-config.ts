import type { LoadedConfig } from '../config/index.js'
import type { Daemon } from '../control/index.js'

/** What configuration a daemon uses, in words, if it is not the one found here; null if it is, or if none was found here. */
export function otherConfig({ status }: Daemon, own: LoadedConfig): string | null {
  if (own.path === null) return null
  const { path } = status.config
  if (path !== null && path !== own.path) return path
  if (path === own.path && !(status.sandbox && typeof own.config.sandbox !== 'object')) return null
  return path === null ? 'no configuration file' : 'simulated models'
}
