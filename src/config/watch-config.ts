import { type Stats, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'

/** Editors write in several steps; one look after they are done is enough. */
const SETTLE_MS = 150
const LOOK_MS = 500

/**
 * Says whenever a configuration's file has changed. It is polled twice a second: the system's own notifications are missing on network and
 * container mounts, and an editor with a large project open may have used up their limit. Returns a function that ends the watch.
 */
export function watchConfig(path: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let ended = false
  // Read before this function returns: `fs.watchFile` reads it later, and would take a change made meanwhile for the file's first state.
  let last = stampOf(statSync(path, { throwIfNoEntry: false }))
  const look = async (): Promise<void> => {
    const now = stampOf(await stat(path).catch(() => undefined))
    if (ended || now === last) return
    last = now
    clearTimeout(timer)
    timer = setTimeout(onChange, SETTLE_MS)
  }
  const looking = setInterval(look, LOOK_MS).unref()
  return () => {
    ended = true
    clearTimeout(timer)
    clearInterval(looking)
  }
}

/** What tells one state of a file from another. */
export function stampOf(file: Stats | undefined): string {
  return file === undefined ? 'none' : `${file.mtimeMs} ${file.size} ${file.ino}`
}
