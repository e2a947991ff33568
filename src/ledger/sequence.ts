import type { Db } from './native.js'

/**
 * The one order of events. Numbers are taken inside the transaction that writes their rows, since the daemon, `ask` and imports
 * may write at once; the counter is read when a transaction takes its first number and written back before it commits.
 */
export interface Sequence {
  /** Call inside a transaction. */
  next(): number
  beforeCommit(): void
  /** Forgets the numbers of a transaction that was rolled back. */
  forget(): void
}

export function openSequence(db: Db): Sequence {
  const read = db.prepare<[], number>('SELECT seq FROM counter WHERE id = 1').pluck()
  const write = db.prepare('UPDATE counter SET seq = ? WHERE id = 1')
  let last: number | null = null
  return {
    next() {
      last = (last ?? read.get() ?? 0) + 1
      return last
    },
    beforeCommit() {
      if (last !== null) write.run(last)
      last = null
    },
    forget() {
      last = null
    },
  }
}
