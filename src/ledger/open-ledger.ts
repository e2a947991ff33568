import { asFault, type Fault, once } from '../kit/index.js'
import { prepareBatchStore } from './batch/store.js'
import { prepareBodyStore } from './bodies/store-bodies.js'
import { openBodyWriter } from './bodies/write-bodies.js'
import { backUp } from './database/backup.js'
import { openCommitQueue } from './database/commit-queue.js'
import { openKeeperThread } from './database/keeper-thread.js'
import { type Db, loadNative } from './database/native.js'
import { openDatabase } from './database/open-database.js'
import { explainSqliteError, isBusy, sqliteCode } from './database/sqlite-errors.js'
import { prepareTransactions } from './database/transactions.js'
import { openWalKeeper } from './database/wal-keeper.js'
import { keyedDigest, ledgerKey } from './digests.js'
import type { Ledger } from './ledger.js'
import { exportCalls } from './read/export-calls.js'
import { prepareReads } from './read/ledger-reads.js'
import { verifyLedger } from './read/verify.js'
import { replaySnapshot } from './replay/replay.js'
import type { ReplayRange } from './replay/replay-events.js'
import { preparePrune } from './retention/prune.js'
import { openTables } from './tables.js'
import { prepareVectors } from './vectors.js'
import { prepareWrites } from './write/ledger-writes.js'

export interface OpenLedgerOptions {
  /** Reads only; the file must exist. */
  readonly readonly?: boolean
  /** `none` keeps no message: `bodies` then does nothing. Default `all`. */
  readonly bodies?: 'all' | 'none'
  /** Longest wait for another process's write lock, milliseconds. It does not block the event loop, except for `busyMs`. Default 5000. */
  readonly lockedMs?: number
  /** The part of that wait that blocks. Default 2; commands may use more. */
  readonly busyMs?: number
  readonly now?: () => number
  /** Removes what looks like a secret from a message before it is stored. */
  readonly redact?: (json: string) => string
  /** Called for bodies that could not be stored. */
  readonly onError?: (fault: Fault) => void
}

/** Opens a ledger and creates it if it does not exist. Throws E_LEDGER with a remedy when it cannot be used. */
export async function openLedger(path: string, options: OpenLedgerOptions = {}): Promise<Ledger> {
  const { readonly = false, bodies: keepsBodies = 'all', now = Date.now } = options
  const open = await loadNative()
  const db = await openDatabase(open, path, { readonly, busyMs: options.busyMs ?? 2 })
  const tables = openTables(db)
  const { inFlight, prefixes, checkpoints } = tables
  const thread = openKeeperThread(path)
  const wal = openWalKeeper(db, thread)
  const changedElsewhere = watchOtherConnections(db)
  const transact = prepareTransactions(db, {
    afterBegin: () => {
      if (changedElsewhere()) forgetDeleted()
    },
    beforeCommit: tables.beforeCommit,
    afterCommit: wal.wrote,
    onRollback: tables.onRollback,
  })
  const queue = openCommitQueue(transact, { lockedMs: options.lockedMs ?? 5000, pause: wal.pause })
  const bodies =
    keepsBodies === 'none' || readonly
      ? null
      : openBodyWriter(prepareBodyStore(db, { queue, now, findSeq: tables.findSeq, redact: options.redact ?? ((json) => json) }), (error) =>
          options.onError?.(asFault(explainSqliteError(error, path))),
        )
  const key = ledgerKey(db, readonly ? null : queue, now)
  const { runs, write, within, ...writes } = prepareWrites(db, tables, { path, open, queue, bodies })
  // Most ledgers use neither, and one opened for reading may be older than these tables.
  const vectors = once(() => prepareVectors(db, now))
  const batch = once(() => prepareBatchStore(db, { path, open, write, within }))
  const replay = (range?: ReplayRange) => replaySnapshot(open, path, range)

  /** Rows that were deleted must not be remembered. */
  function forgetDeleted(): void {
    for (const memory of [bodies, inFlight, prefixes]) memory?.forget()
  }

  async function flush(): Promise<void> {
    await bodies?.flush()
    queue.flush()
  }

  return {
    path,
    keepsBodies,
    flush,
    replay,
    ...prepareReads(db, tables),
    ...writes,
    keyed: (digest) => keyedDigest(key, digest),
    ready: () => write(() => undefined),
    startRun: (run) => queue.now(() => runs.start(run)),
    markInterrupted: (atMs) => queue.now(() => runs.markInterrupted(atMs)),
    saveCheckpoint: (checkpoint) => write(() => checkpoints.save(checkpoint)),
    get batch() {
      return batch()
    },
    vectorsOf: (model, digests) => vectors().of(model, digests),
    keepVectors: (model, list) => write(() => vectors().keep(model, list)),
    prune: preparePrune(db, { queue, checkpoints, replay, forget: forgetDeleted, now }),
    verify: (costOf) => verifyLedger(db, tables, costOf),
    export: (request) => exportCalls(db, tables, request),
    check: () => thread.run('check'),
    backup: (to) => backUp(open, db, to),

    async close() {
      if (!db.open) return
      try {
        if (readonly) return
        await wal.pause()
        await flush()
        queue.now(() => runs.end(now()))
        tidy(db)
      } finally {
        // Also when the file no longer accepts writes.
        wal.close()
        await thread.close()
        db.close()
      }
    },
  }
}

/** Runs `work` on a ledger and closes it, however that ends. Throws as `openLedger` does. */
export async function withOpenLedger<T>(path: string, options: OpenLedgerOptions, work: (ledger: Ledger) => T | Promise<T>): Promise<T> {
  const ledger = await openLedger(path, options)
  try {
    return await work(ledger)
  } catch (error) {
    throw sqliteCode(error) === null ? error : explainSqliteError(error, path)
  } finally {
    await ledger.close()
  }
}

/** Nothing is lost where another process has the lock, or the disk is full: the next process does the same when it closes. */
function tidy(db: Db): void {
  // SQLite leaves the WAL of a moved file behind: the file would lack its contents, and another file put in its place would be corrupted by it.
  for (const pragma of ['optimize', 'wal_checkpoint(TRUNCATE)']) {
    try {
      db.pragma(pragma)
    } catch (error) {
      if (isBusy(error)) return
      if (sqliteCode(error) !== 'SQLITE_FULL') throw error
    }
  }
}

/** Whether another connection has written since the last call: it may have deleted rows that are remembered here. */
function watchOtherConnections(db: Db): () => boolean {
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  let last = dataVersion.get()
  return () => {
    const version = dataVersion.get()
    const changed = version !== last
    last = version
    return changed
  }
}
