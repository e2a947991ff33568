import { Fault } from '../../kit/index.js'
import type { Db } from './native.js'

/** `LLMR` in the file's header: another program's database is not mistaken for a ledger. */
const APPLICATION_ID = 0x4c4c4d52

export const NO_LEDGER = 'Give the path of a ledger, or of a file that does not exist yet, with --db.'

/** The file's schema version; 0 for a new file. Refuses a file that is newer than this program or is no ledger. */
export function checkVersion(db: Db, path: string, latest: number): number {
  // At once: another process may be creating the file.
  const { version, application, tables } = db.transaction(() => ({
    version: Number(db.pragma('user_version', { simple: true })),
    application: Number(db.pragma('application_id', { simple: true })),
    tables: Number(db.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get()),
  }))()
  if (application !== APPLICATION_ID && tables > 0) {
    throw new Fault('E_LEDGER', `${path} is a database of another program`, {
      hint: NO_LEDGER,
      final: true,
    })
  }
  if (version > latest) {
    throw new Fault('E_LEDGER', `the ledger ${path} has schema ${version}; this llmroute knows up to ${latest}`, {
      hint: 'Update llmroute, or give another file with --db. A copy from before the upgrade may stand beside it, ending in `.bak`.',
      final: true,
    })
  }
  return version
}

/** Applies the migrations that are missing, each in its own transaction. */
export function migrate(db: Db, version: number, migrations: readonly string[]): void {
  for (const [i, sql] of migrations.entries()) {
    if (i < version) continue
    db.exec('BEGIN IMMEDIATE')
    try {
      // Another process may have been faster.
      if (Number(db.pragma('user_version', { simple: true })) <= i) {
        db.exec(sql)
        db.pragma(`application_id = ${APPLICATION_ID}`)
        db.pragma(`user_version = ${i + 1}`)
      }
      db.exec('COMMIT')
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}
