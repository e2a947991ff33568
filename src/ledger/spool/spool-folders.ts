import { existsSync, lstatSync, mkdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { digest } from '../../kit/index.js'

/**
 * Where records may wait for this ledger: beside it, else in a folder of the user's own among the system's temporary files, which are often
 * on another disk than the one that is full or read-only.
 */
export function spoolFolders(ledger: string): readonly [beside: string, away: string] {
  const owner = process.getuid?.() ?? 'user'
  return [dirname(ledger), join(tmpdir(), `llmroute-${owner}-${digest(resolve(ledger)).slice(0, 16)}`)]
}

/** Those of them that may hold something. */
export function existingSpoolFolders(ledger: string): readonly string[] {
  const [beside, away] = spoolFolders(ledger)
  return [...(existsSync(beside) ? [beside] : []), ...(isPrivate(away) ? [away] : [])]
}

/** Creates the folder in the temporary directory. Throws when it belongs to somebody else. */
export function makeAway(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isPrivate(folder)) throw new Error(`${folder} is not this user's own`)
}

/** Removes it when nothing waits there any more. */
export function clearAway(ledger: string): void {
  try {
    rmdirSync(spoolFolders(ledger)[1])
  } catch {}
}

/** Whether it is a folder that only this user can read; false for one that is not there. */
export function isPrivate(folder: string): boolean {
  try {
    const stat = lstatSync(folder)
    return stat.isDirectory() && (process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o077) === 0))
  } catch {
    return false
  }
}
