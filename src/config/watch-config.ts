import { type Stats, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { asFault, type Fault } from '../kit/index.js'
import { type LoadedConfig, type LoadOptions, loadConfig } from './load-config.js'

export interface ConfigChange {
  readonly onChange: (loaded: LoadedConfig) => void
  /** The file is invalid: the last good configuration stays in force. */
  readonly onError: (fault: Fault) => void
}

/** Editors write in several steps; one look after they are done is enough. */
const SETTLE_MS = 150
const LOOK_MS = 500

/**
 * Reads the configuration again whenever its file changes. It is polled twice a second: the system's own notifications are missing on
 * network and container mounts, and an editor with a large project open may have used up their limit. Returns a function that ends the
 * watch; a missing file is not watched.
 */
export function watchConfig(path: string | null, options: LoadOptions, change: ConfigChange): () => void {
  if (path === null) return () => {}
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const reload = async (): Promise<void> => {
    try {
      const loaded = await loadConfig({ ...options, configPath: path })
      if (!ended) change.onChange(loaded)
    } catch (error) {
      if (!ended) change.onError(asFault(error))
    }
  }
  // Read before this function returns: `fs.watchFile` reads it later, and would take a change made meanwhile for the file's first state.
  let last = stateOf(statSync(path, { throwIfNoEntry: false }))
  const look = async (): Promise<void> => {
    const now = stateOf(await stat(path).catch(() => undefined))
    if (ended || now === last) return
    last = now
    clearTimeout(timer)
    timer = setTimeout(reload, SETTLE_MS)
  }
  const looking = setInterval(look, LOOK_MS).unref()
  return () => {
    ended = true
    clearTimeout(timer)
    clearInterval(looking)
  }
}

function stateOf(file: Stats | undefined): string {
  return file === undefined ? '' : `${file.mtimeMs} ${file.size} ${file.ino}`
}
