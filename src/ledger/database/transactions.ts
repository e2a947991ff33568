import type { Db } from './native.js'
import { sqliteCode } from './sqlite-errors.js'

interface TransactionHooks {
  readonly afterBegin: () => void
  readonly beforeCommit: () => void
  readonly afterCommit: () => void
  readonly onRollback: () => void
}

/** Runs work in a transaction of its own; rolls it back and throws when the work or the commit fails. */
export type Transact = <T>(work: () => T) => T

export function prepareTransactions(db: Db, hooks: TransactionHooks): Transact {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')

  function attempt<T>(work: () => T): T {
    begin.run()
    try {
      hooks.afterBegin()
      const value = work()
      hooks.beforeCommit()
      commit.run()
      return value
    } catch (error) {
      if (db.inTransaction) rollback.run()
      hooks.onRollback()
      throw error
    }
  }

  function attemptTwice<T>(work: () => T): T {
    try {
      return attempt(work)
    } catch (error) {
      // On a full disk the WAL may be what fills it: it is moved into the database, and the work tried once more.
      if (sqliteCode(error) !== 'SQLITE_FULL' || !emptyWal(db)) throw error
      return attempt(work)
    }
  }

  return (work) => {
    const value = attemptTwice(work)
    hooks.afterCommit()
    return value
  }
}

function emptyWal(db: Db): boolean {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)')
    return true
  } catch {
    return false
  }
}
