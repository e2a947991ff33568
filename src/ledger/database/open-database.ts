import { existsSync, statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { Fault } from '../../kit/index.js'
import { backUp } from './backup.js'
import { checkVersion, migrate, NO_LEDGER } from './migrate.js'
import { migrations } from './migrations/index.js'
import type { Db, OpenNative } from './native.js'
import { createFile, tighten } from './private-files.js'
import { DAMAGED, explainSqliteError, isBusy, sqliteCode } from './sqlite-errors.js'

const OPENING_MS = 5000
const AGAIN_MS = 20

interface OpenDatabaseOptions {
  readonly readonly: boolean
  /** Longest wait inside SQLite for another process's lock, milliseconds. It blocks the event loop. */
  readonly busyMs: number
  /** Other than the program's own, for tests of upgrades. */
  readonly migrations?: readonly string[]
}

/**
 * Opens the file with the settings that a ledger needs, making or migrating it where it may.
 *
 * `synchronous = NORMAL` with WAL: a commit is in the system's hands when it returns, so a process killed by any signal loses no
 * committed row; only a power cut can take the last ones back, and even that leaves a valid file. FULL would wait for the
 * disk on every call, a hundred times the cost of the insert.
 */
export async function openDatabase(open: OpenNative, path: string, options: OpenDatabaseOptions): Promise<Db> {
  for (const startMs = Date.now(); ; await setTimeout(AGAIN_MS)) {
    try {
      return await openOnce(open, path, options)
    } catch (error) {
      if (!isRace(error) || Date.now() - startMs > OPENING_MS) throw explainSqliteError(error, path)
    }
  }
}

/**
 * Two processes turn the same new file to WAL: SQLite does not wait where each holds what the other needs, and the journal that one
 * deletes may be gone.
 */
function isRace(error: unknown): boolean {
  return isBusy(error) || sqliteCode(error) === 'SQLITE_IOERR_DELETE_NOENT'
}

async function openOnce(open: OpenNative, path: string, options: OpenDatabaseOptions): Promise<Db> {
  checkKind(path, options.readonly)
  if (!options.readonly) createFile(path)
  // Another process may be creating or upgrading the same file: worth waiting for.
  const db = open(path, { readonly: options.readonly, timeout: OPENING_MS })
  try {
    await prepare(open, db, path, options)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Rejects files that cannot be a ledger, by size and kind. */
function checkKind(path: string, readonly: boolean): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) throw new Fault('E_LEDGER', `${path} is a folder, not a ledger`, { hint: NO_LEDGER })
  // One of no bytes is one that nothing was written to yet.
  if (readonly && (found === undefined || (found.isFile() && found.size === 0))) {
    throw new Fault('E_EMPTY', `there is no ledger at ${path} yet`, { hint: 'Run `llmroute serve` or `llmroute ask` first.' })
  }
}

async function prepare(open: OpenNative, db: Db, path: string, options: OpenDatabaseOptions): Promise<void> {
  const steps = options.migrations ?? migrations
  const version = checkVersion(db, path, steps.length)
  if (options.readonly) {
    if (version < steps.length) {
      throw new Fault('E_LEDGER', `the ledger ${path} was written by an older llmroute`, {
        hint: 'Start `llmroute serve` once to bring it up to date.',
      })
    }
  } else {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    // To be able to go back.
    const copy = `${path}.schema-${version}.bak`
    if (version > 0 && version < steps.length && !existsSync(copy)) await backUp(open, db, copy)
    migrate(db, version, steps)
    // So that the file has its tables, and a full disk later does not keep them from it.
    if (version < steps.length) db.pragma('wal_checkpoint(TRUNCATE)')
    checkEnds(db)
    // Checkpoints are made from another thread, which also cuts the file to its limit: see wal-keeper.
    db.pragma('wal_autocheckpoint = 0')
    // Only now: what turned out to be another program's file keeps its rights.
    for (const file of ['', '-wal', '-shm']) tighten(path + file)
  }
  // Kilobytes. Small, because the system caches the file's pages as well, and reading the whole history passes each page once.
  db.pragma('cache_size = -8000')
  db.pragma('temp_store = MEMORY')
  db.pragma('foreign_keys = OFF')
  db.pragma(`busy_timeout = ${options.busyMs}`)
}

/** Reads where the next writes will go: a damaged file is better found now than by the first call. */
function checkEnds(db: Db): void {
  for (const table of ['counter', 'meta', 'run', 'policy', 'model_rev']) {
    const [line] = db.pragma(`quick_check(${table})`) as { quick_check: string }[]
    if (line?.quick_check !== 'ok') throw new Fault('E_LEDGER', `the ledger is damaged: ${line?.quick_check ?? table}`, { hint: DAMAGED })
  }
  for (const table of ['call', 'decision']) db.prepare(`SELECT * FROM ${table} ORDER BY seq DESC LIMIT 1`).get()
  // A counter that fell behind its rows (a file put together by hand) would give numbers twice.
  db.exec(
    'UPDATE counter SET seq = max(seq, (SELECT coalesce(max(seq), 0) FROM call), (SELECT coalesce(max(seq_settled), 0) FROM (SELECT seq_settled FROM call ORDER BY seq DESC LIMIT 1000))) WHERE id = 1 AND seq < (SELECT coalesce(max(seq), 0) FROM call)',
  )
}
