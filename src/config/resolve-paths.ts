import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Config } from './schema/config.js'

/** Makes the paths that a configuration file names absolute: they are relative to its folder, in whatever folder a command runs. */
export function resolvePaths(config: Config, file: string | null): Config {
  if (file === null) return config
  const { ledger, keys, classifier } = config
  const at = (path: string): string => (/^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : resolve(dirname(file), path))
  const { path: database } = ledger
  const { path: stored } = keys
  const { examples, embeddings } = classifier
  const compared = embeddings?.examples
  return {
    ...config,
    ledger: database === undefined ? ledger : { ...ledger, path: at(database) },
    keys: stored === undefined ? keys : { ...keys, path: at(stored) },
    classifier: {
      ...classifier,
      ...(examples === undefined ? {} : { examples: at(examples) }),
      ...(embeddings === undefined || compared === undefined ? {} : { embeddings: { ...embeddings, examples: at(compared) } }),
    },
  }
}
