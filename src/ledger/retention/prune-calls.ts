import type { Db } from '../database/native.js'

/** Rows read at once when searching for the cut. */
const SEARCH = 1000

export function preparePruneCalls(db: Db) {
  const scan = db.prepare<[number, number], { seq: number; keep: number }>(
    `SELECT c.seq, c.seq_settled IS NULL OR max(c.decided_at, coalesce(r.started_at, 0)) >= ? AS keep
       FROM call c LEFT JOIN run r ON r.n = c.run WHERE c.seq >= ? ORDER BY c.seq LIMIT ${SEARCH}`,
  )
  const lastSeq = db.prepare<[], number>('SELECT seq FROM counter').pluck()
  // A call with an event after the cut stays until the cut has passed that too.
  const doomed = db.prepare<[number, number, number, number], { seq: number; session: number | null }>(
    `SELECT seq, session FROM call WHERE seq < ? AND seq_settled < ?
     AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.call = call.seq AND o.seq >= ?) ORDER BY seq LIMIT ?`,
  )
  const remove = [
    'outcome WHERE call',
    'attempt WHERE call',
    'reservation WHERE call',
    'body WHERE call',
    'decision WHERE seq',
    'call WHERE seq',
  ].map((where) => db.prepare(`DELETE FROM ${where} = ?`))
  const removeSession = db.prepare('DELETE FROM session WHERE n = ? AND NOT EXISTS (SELECT 1 FROM call WHERE session = session.n)')

  return {
    /**
     * First `seq` to keep so that every call before it is older than `beforeMs` and has ended. Age counts from the decision or, for imported
     * calls, from the import: old history is not deleted just after it was imported.
     */
    async cutAt(beforeMs: number, from: number, pause: () => Promise<void>) {
      for (let at = from; ; ) {
        const rows = scan.all(beforeMs, at)
        const kept = rows.find((row) => row.keep === 1)
        const last = rows[rows.length - 1]
        if (kept !== undefined) return kept.seq
        if (last === undefined) return (lastSeq.get() ?? 0) + 1
        at = last.seq + 1
        await pause()
      }
    },
    /** Deletes up to `limit` calls of which nothing happened at or after `cut`; returns how many. Call inside a transaction. */
    step(cut: number, limit: number) {
      const rows = doomed.all(cut, cut, cut, limit)
      for (const { seq } of rows) for (const statement of remove) statement.run(seq)
      for (const session of new Set(rows.map((row) => row.session))) if (session !== null) removeSession.run(session)
      return rows.length
    },
  }
}
