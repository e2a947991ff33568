import { existsSync, rmSync } from 'node:fs'
import type { Db, OpenNative } from './native.js'
import { createPrivateFile } from './private-files.js'
import { isBusy } from './sqlite-errors.js'

/**
 * The file that tells whether the process that made a run is still alive. A pid cannot: it is reused, and means nothing across containers.
 * Instead each run holds an exclusive lock on its own small file, which the system releases however the process ends.
 */
export function runLockPath(ledger: string, run: string): string {
  return `${ledger}.run-${run}`
}

/** Takes the lock and returns what lets go of it and removes the file. */
export function holdRunLock(open: OpenNative, path: string): () => void {
  createPrivateFile(path)
  const lock = lockFile(open, path)
  return () => {
    lock.close()
    rmSync(path, { force: true })
  }
}

/** True while some process holds the lock. The file of a dead run is removed. */
export function isRunAlive(open: OpenNative, path: string): boolean {
  if (!existsSync(path)) return false
  const lock = tryLockFile(open, path)
  if (lock === null) return true
  lock.close()
  rmSync(path, { force: true })
  return false
}

/** Takes a lock that processes pass on to one another, so its file stays; null while another process holds it. */
export function tryLock(open: OpenNative, path: string): (() => void) | null {
  createPrivateFile(path)
  const lock = tryLockFile(open, path)
  return lock && (() => lock.close())
}

/** Throws for whatever else is wrong with the file: claiming a live run's calls would be worse than waiting. */
function tryLockFile(open: OpenNative, path: string): Db | null {
  try {
    return lockFile(open, path)
  } catch (error) {
    if (isBusy(error)) return null
    throw error
  }
}

function lockFile(open: OpenNative, path: string): Db {
  const lock = open(path, { timeout: 0 })
  try {
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw error
  }
}
