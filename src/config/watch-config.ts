import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { asFault, type Fault } from '../kit/index.js'
import { type LoadedConfig, type LoadOptions, loadConfig } from './load-config.js'

export interface ConfigChange {
  readonly onChange: (loaded: LoadedConfig) => void
  /** The file is invalid: the last good configuration stays in force. */
  readonly onError: (fault: Fault) => void
}

/** Editors write in several steps; one look after they are done is enough. */
const SETTLE_MS = 150

/**
 * Reads the configuration again whenever its file changes. The folder is watched, since editors replace files. Returns a
 * function that ends the watch; a missing file gives nothing to watch.
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
  const watcher: FSWatcher = watch(dirname(path), { persistent: false }, (_event, file) => {
    if (file !== null && file !== basename(path)) return
    clearTimeout(timer)
    timer = setTimeout(reload, SETTLE_MS)
  })
  watcher.on('error', (error) => change.onError(asFault(error)))
  return () => {
    ended = true
    clearTimeout(timer)
    watcher.close()
  }
}
