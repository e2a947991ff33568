import type { Db } from './database/native.js'

/**
 * The one order of events. Numbers are taken inside the transaction that writes their rows, since the daemon, `ask` and imports
 * may write at once; the counter is read when a transaction takes its first number and written back before it commits.
 */
export function openSequence(db: Db) {
  const read = db.prepare<[], number>('SELECT seq FROM counter WHERE id = 1').pluck()
  const write = db.prepare('UPDATE counter SET seq = ? WHERE id = 1')
  let taken: number | null = null
  const last = () => read.get() ?? 0
  return {
    last,
    /** Call inside a transaction. */
    next() {
      taken = (taken ?? last()) + 1
      return taken
    },
    beforeCommit() {
      if (taken !== null) write.run(taken)
      taken = null
    },
    /** Forgets the numbers of a transaction that was rolled back. */
    forget() {
      taken = null
    },
  }
}
