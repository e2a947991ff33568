import { Fault, newId } from '../../kit/index.js'
import type { Db, OpenNative } from '../database/native.js'
import { holdRunLock, isRunAlive, runLockPath } from '../database/run-lock.js'
import type { RunRow } from '../types.js'
import type { SettleCall } from './settle-call.js'

export type Runs = ReturnType<typeof prepareRuns>

export function prepareRuns(db: Db, parts: { readonly path: string; readonly open: OpenNative; readonly settleCall: SettleCall }) {
  const { path, open, settleCall } = parts
  const insert = db.prepare('INSERT INTO run(id, started_at, app_version, engine, node, pid) VALUES (?, ?, ?, ?, ?, ?)')
  const unended = db.prepare<[number], { n: number; id: string }>('SELECT n, id FROM run WHERE ended_at IS NULL AND n <> ?')
  const finish = db.prepare('UPDATE run SET ended_at = ? WHERE n = ?')
  // A call without a run was written by an import, in one transaction. The lines of a batch outlive the process that decided them: they are
  // waiting, not lost.
  const left = db
    .prepare<[], string>(
      `SELECT c.id FROM call c JOIN run r ON r.n = c.run WHERE c.status = 1 AND c.status <> 2 AND r.ended_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM batch_line b WHERE b.call = c.id AND b.state < 3) ORDER BY c.seq`,
    )
    .pluck()
  const holder = db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck()
  const claim = db.prepare('INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)')
  let current: { readonly n: number; readonly release: () => void } | null = null

  return {
    /** Number of this process's run in the file; null before `start`. */
    current: () => current?.n ?? null,
    /** `alone` names what no other process may do at the same time. Throws E_CONFLICT when one does. Call inside a transaction. */
    start({ appVersion, engine, startedAt, alone }: Omit<RunRow, 'id' | 'node'> & { readonly alone?: string }): RunRow {
      const key = alone === undefined ? null : `${alone}-run`
      const other = key === null ? undefined : holder.get(key)
      if (other !== undefined && isRunAlive(open, runLockPath(path, other)))
        throw new Fault('E_CONFLICT', `another ${alone} into ${path} is running`, { hint: 'Wait until it has ended.' })
      const row = { id: newId(), startedAt, appVersion, engine, node: process.version }
      const release = holdRunLock(open, runLockPath(path, row.id))
      const n = Number(insert.run(row.id, startedAt, appVersion, engine, row.node, process.pid).lastInsertRowid)
      if (key !== null) claim.run(key, row.id)
      current = { n, release }
      return row
    },
    /** Ends calls that dead processes left open; returns their ids. Call inside a transaction. */
    markInterrupted(atMs: number) {
      for (const run of unended.all(current?.n ?? 0)) {
        if (!isRunAlive(open, runLockPath(path, run.id))) finish.run(atMs, run.n)
      }
      const ids = left.all()
      for (const id of ids) settleCall.interrupt(id, atMs)
      return ids
    },
    end(atMs: number) {
      if (current === null) return
      finish.run(atMs, current.n)
      current.release()
      current = null
    },
  }
}
