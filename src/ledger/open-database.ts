import { existsSync } from 'node:fs'
import { Fault } from '../kit/index.js'
import { isBusy, lockedFault } from './commit-queue.js'
import { checkVersion, LATEST, migrate } from './migrate.js'
import { type Db, sqliteCode } from './native.js'
import { createPrivateFile, tighten } from './private-files.js'
import type { OpenNative } from './run-lock.js'

export interface OpenDatabaseOptions {
  readonly readonly: boolean
  /** Longest wait inside SQLite for another process's lock, milliseconds. It blocks the event loop. */
  readonly busyMs: number
}

/**
 * Opens the file with the settings that a ledger needs, making or migrating it where it may.
 *
 * `synchronous = NORMAL` with WAL: a commit is in the system's hands when it returns, so a process killed by any signal loses no
 * committed row; only a power cut can take the last ones back, and even that leaves a valid file. FULL would wait for the
 * disk on every call, a hundred times the cost of the insert.
 */
export async function openDatabase(open: OpenNative, path: string, options: OpenDatabaseOptions): Promise<Db> {
  if (options.readonly && !existsSync(path)) {
    throw new Fault('E_EMPTY', `there is no ledger at ${path} yet`, { hint: 'Run `llmroute serve` or `llmroute ask` first.' })
  }
  try {
    if (!options.readonly) createPrivateFile(path)
    const db = open(path, { readonly: options.readonly, timeout: options.busyMs })
    try {
      prepare(db, path, options)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw explain(error, path)
  }
}

function prepare(db: Db, path: string, options: OpenDatabaseOptions): void {
  const version = checkVersion(db, path)
  if (options.readonly) {
    if (version < LATEST) {
      throw new Fault('E_LEDGER', `the ledger ${path} was written by an older llmroute`, {
        hint: 'Start `llmroute serve` once to bring it up to date.',
      })
    }
  } else {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    if (version < LATEST) migrate(db, version)
    // A larger WAL makes checkpoints rarer; each costs two waits for the disk.
    db.pragma('wal_autocheckpoint = 4000')
    db.pragma('journal_size_limit = 67108864')
    for (const file of ['-wal', '-shm']) tighten(path + file)
  }
  db.pragma('cache_size = -32000')
  db.pragma('temp_store = MEMORY')
  db.pragma('foreign_keys = OFF')
}

/** SQLite's own errors in words, with the way out. */
export function explain(error: unknown, path: string): unknown {
  if (isBusy(error)) return lockedFault(error)
  const code = sqliteCode(error) ?? (error as NodeJS.ErrnoException | null)?.code ?? null
  const fault = (message: string, hint: string) => new Fault('E_LEDGER', message, { hint, cause: error })
  if (code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT')) {
    return fault(`the ledger ${path} is damaged`, `Move it away and start anew, or recover it with \`sqlite3 ${path} .recover\`.`)
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return fault(`the disk that holds ${path} is full`, 'Make room, or run `llmroute prune`.')
  if (code?.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES') {
    return fault(`the ledger ${path} cannot be written`, 'Check the rights of the file and its folder, or give another with --db.')
  }
  if (code?.startsWith('SQLITE_CANTOPEN') || code?.startsWith('SQLITE_IOERR')) {
    return fault(`the ledger ${path} cannot be read or written (${code})`, 'Check the folder and the disk.')
  }
  return error
}
