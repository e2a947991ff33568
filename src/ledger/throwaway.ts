import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadNative, type OpenNative } from './database/native.js'
import { tryLock } from './database/run-lock.js'
import type { Ledger } from './ledger.js'
import { openLedger } from './open-ledger.js'
import { isPrivate } from './spool/spool-folders.js'

/** A ledger in a folder of its own among the system's temporary files. */
export interface ThrowawayLedger {
  readonly ledger: Ledger
  /** Closes the ledger and removes it. */
  close(): Promise<void>
  /** Removes it from under a process that is about to end. */
  discard(): void
}

const PREFIX = 'llmroute-from-'
/** Whoever holds the lock on this file in a folder still uses it. */
const LOCK = 'in-use'
/** A folder without a lock that is no older than this may be about to get one, milliseconds. */
const NEW_MS = 60_000

/** Opens a new ledger that keeps no messages, and removes those that killed processes of this user have left. */
export async function openThrowawayLedger(): Promise<ThrowawayLedger> {
  const open = await loadNative()
  removeLeft(open)
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  const unlock = tryLock(open, join(folder, LOCK))
  const discard = () => rmSync(folder, { recursive: true, force: true })
  const ledger = await openLedger(join(folder, 'ledger.db'), { bodies: 'none' })
  return {
    ledger,
    discard,
    async close() {
      await ledger.close()
      unlock?.()
      discard()
    },
  }
}

function removeLeft(open: OpenNative): void {
  for (const name of temporaryFiles()) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(tmpdir(), name)
    try {
      if (!isPrivate(folder) || Date.now() - lstatSync(folder).mtimeMs < NEW_MS) continue
      const unlock = tryLock(open, join(folder, LOCK))
      unlock?.()
      if (unlock !== null) rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another process removes it at the same time, or it is damaged: the next one may try again.
    }
  }
}

/** None where users may make files and not list those of all. */
function temporaryFiles(): readonly string[] {
  try {
    return readdirSync(tmpdir())
  } catch {
    return []
  }
}
