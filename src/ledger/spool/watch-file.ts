import { closeSync, openSync, readSync, statSync } from 'node:fs'

const MAGIC = 'SQLite format 3\0'

/**
 * Tells when a file is no longer what its path names (moved, removed or replaced), or no database any more (overwritten, cut short). What is
 * written then goes where nobody will look. Windows does not let a file go that is in use.
 */
export function watchFile(path: string): () => 'gone' | 'overwritten' | null {
  const before = identityOf(path)
  return () => {
    if (process.platform === 'win32' || before === null) return null
    if (identityOf(path) !== before) return 'gone'
    return beginsAsDatabase(path) ? null : 'overwritten'
  }
}

/** Changes whenever a file was replaced or written to; null when there is none. */
export function stampOf(path: string): string | null {
  try {
    const { dev, ino, size, mtimeMs } = statSync(path)
    return `${dev}:${ino}:${size}:${mtimeMs}`
  } catch {
    return null
  }
}

function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path)
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

/** True also when it cannot be read at the moment: that is another trouble, and said by whoever writes. */
function beginsAsDatabase(path: string): boolean {
  try {
    const fd = openSync(path, 'r')
    try {
      const head = Buffer.alloc(MAGIC.length)
      readSync(fd, head, 0, head.length, 0)
      return head.toString('latin1') === MAGIC
    } finally {
      closeSync(fd)
    }
  } catch {
    return true
  }
}
