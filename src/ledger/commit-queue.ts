import { Fault } from '../kit/index.js'
import { type Db, sqliteCode } from './native.js'

/**
 * Groups the writes of one turn of the event loop into one transaction, since the commit costs more than the rows. A failing write does not
 * affect the others: its group is rolled back and repeated one by one.
 */
export interface CommitQueue {
  /**
   * Runs `work` inside a transaction; resolves after the commit. With `later` it waits a few milliseconds for another write to
   * share its transaction: a short call is then opened and settled by one commit.
   */
  run<T>(work: () => T, when?: 'later'): Promise<T>
  /**
   * Runs what is queued, then `work`, in this turn of the event loop, blocking while another process writes: for start, end and commands.
   */
  now<T>(work: () => T): T
  /** Commits what is queued, also blocking. */
  flush(): void
}

interface Entry {
  readonly work: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** So that one group does not hold the event loop for more than a few milliseconds. */
const GROUP = 64
const RETRY_MS = 10
const LATER_MS = 3
const SLEEP = new Int32Array(new SharedArrayBuffer(4))

export interface CommitQueueOptions {
  /** How long another process may hold the write lock before writes are refused, milliseconds. */
  readonly lockedMs: number
  readonly afterBegin: () => void
  readonly beforeCommit: () => void
  readonly afterCommit: () => void
  readonly onRollback: () => void
  /** While this is not null, the queue waits for it. */
  readonly pause: () => Promise<void> | null
}

export function openCommitQueue(db: Db, options: CommitQueueOptions): CommitQueue {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  let queue: Entry[] = []
  let scheduled = false
  let later: NodeJS.Timeout | null = null
  let lockedSince: number | null = null

  function transact<T>(work: () => T): T {
    let value: T
    try {
      value = attemptOnce(work)
    } catch (error) {
      // On a full disk the WAL may be what fills it: it is moved into the database, and the work tried once more.
      if (sqliteCode(error) !== 'SQLITE_FULL' || !emptyWal()) throw error
      value = attemptOnce(work)
    }
    options.afterCommit()
    return value
  }

  function attemptOnce<T>(work: () => T): T {
    begin.run()
    try {
      options.afterBegin()
      const value = work()
      options.beforeCommit()
      commit.run()
      return value
    } catch (error) {
      if (db.inTransaction) rollback.run()
      options.onRollback()
      throw error
    }
  }

  function emptyWal(): boolean {
    try {
      db.pragma('wal_checkpoint(TRUNCATE)')
      return true
    } catch {
      return false
    }
  }

  function schedule(): void {
    if (scheduled || queue.length === 0) return
    scheduled = true
    const pause = options.pause()
    if (pause !== null) void pause.then(turn)
    else if (lockedSince === null) setImmediate(turn)
    else setTimeout(turn, RETRY_MS)
  }

  function scheduleLater(): void {
    later ??= setTimeout(() => {
      later = null
      schedule()
    }, LATER_MS)
  }

  function turn(): void {
    scheduled = false
    if (later !== null) clearTimeout(later)
    later = null
    if (options.pause() === null) writeGroup()
    schedule()
  }

  function writeGroup(): void {
    const group = queue.slice(0, GROUP)
    queue = queue.slice(GROUP)
    const busy = attempt(group)
    if (busy === null) lockedSince = null
    else {
      lockedSince ??= performance.now()
      if (performance.now() - lockedSince < options.lockedMs) queue = [...group, ...queue]
      else {
        lockedSince = null
        for (const entry of group) entry.reject(lockedFault(busy))
      }
    }
  }

  /** Returns the error when another process holds the write lock, and null when every entry has its answer. */
  function attempt(group: readonly Entry[]): unknown {
    try {
      const values = transact(() => group.map((entry) => entry.work()))
      for (const [i, entry] of group.entries()) entry.resolve(values[i])
    } catch (error) {
      if (isBusy(error)) return error
      if (group.length === 1) group[0]?.reject(error)
      else for (const entry of group) attemptAlone(entry)
    }
    return null
  }

  function attemptAlone(entry: Entry): void {
    try {
      entry.resolve(transact(entry.work))
    } catch (error) {
      entry.reject(error)
    }
  }

  function flush(): void {
    while (queue.length > 0) {
      const group = queue.slice(0, GROUP)
      queue = queue.slice(GROUP)
      const busy = waitWhileLocked(() => attempt(group))
      if (busy !== null) for (const entry of group) entry.reject(lockedFault(busy))
    }
  }

  /** Repeats what says that the lock is taken, blocking for as long as writes may wait for it at all. */
  function waitWhileLocked(work: () => unknown): unknown {
    for (const start = performance.now(); ; ) {
      const busy = work()
      if (busy === null || performance.now() - start > options.lockedMs) return busy
      Atomics.wait(SLEEP, 0, 0, RETRY_MS)
    }
  }

  return {
    run<T>(work: () => T, when?: 'later'): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject })
        if (when === 'later') scheduleLater()
        else schedule()
      })
    },
    now<T>(work: () => T): T {
      flush()
      let done: { readonly value: T } | null = null
      const busy = waitWhileLocked(() => {
        try {
          done = { value: transact(work) }
          return null
        } catch (error) {
          if (isBusy(error)) return error
          throw error
        }
      })
      if (done === null) throw lockedFault(busy)
      return (done as { readonly value: T }).value
    },
    flush,
  }
}

export function isBusy(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false
}

export function lockedFault(cause: unknown): Fault {
  return new Fault('E_LEDGER', 'the ledger is locked by another process', {
    hint: 'Another llmroute command or a SQLite tool holds a write transaction open; close it and try again.',
    cause,
  })
}
