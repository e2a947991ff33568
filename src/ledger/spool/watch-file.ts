import { statSync } from 'node:fs'

/**
 * Tells when a file is no longer what its path names: moved, removed or replaced. What is written then goes where nobody will look. Windows
 * does not let a file go that is in use.
 */
export function watchFile(path: string): () => boolean {
  const before = identityOf(path)
  return () => process.platform !== 'win32' && before !== null && identityOf(path) !== before
}

function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path)
    return `${dev}:${ino}`
  } catch {
    return null
  }
}
