import { existsSync, rmSync } from 'node:fs'
import { isBusy } from './commit-queue.js'
import type { Db, loadNative } from './native.js'
import { createPrivateFile } from './private-files.js'

/**
 * Tells whether the process that made a run still lives. A pid cannot: it is reused, and means nothing across containers. Each
 * run instead holds an exclusive lock on a small file of its own, which the system lets go of however the process ends.
 */
export type OpenNative = Awaited<ReturnType<typeof loadNative>>

export function runLockPath(ledger: string, run: string): string {
  return `${ledger}.run-${run}`
}

/** Takes the lock and returns what lets go of it and removes the file. */
export function holdRunLock(open: OpenNative, path: string): () => void {
  createPrivateFile(path)
  const lock = open(path, { timeout: 0 })
  try {
    takeLock(lock)
  } catch (error) {
    lock.close()
    throw error
  }
  return () => {
    lock.close()
    rmSync(path, { force: true })
  }
}

/** True while some process holds the lock. The file of a dead run is removed. */
export function isRunAlive(open: OpenNative, path: string): boolean {
  if (!existsSync(path)) return false
  const lock = open(path, { timeout: 0 })
  try {
    takeLock(lock)
  } catch (error) {
    // Whatever else is wrong with the file, claiming a live run's calls would be worse than waiting.
    if (isBusy(error)) return true
    throw error
  } finally {
    lock.close()
  }
  rmSync(path, { force: true })
  return false
}

/** Takes a lock that processes hand on to one another, so its file stays; null while another process holds it. */
export function tryLock(open: OpenNative, path: string): (() => void) | null {
  createPrivateFile(path)
  const lock = open(path, { timeout: 0 })
  try {
    takeLock(lock)
    return () => lock.close()
  } catch (error) {
    lock.close()
    if (isBusy(error)) return null
    throw error
  }
}

function takeLock(lock: Db): void {
  lock.pragma('journal_mode = MEMORY')
  lock.exec('BEGIN EXCLUSIVE')
}
