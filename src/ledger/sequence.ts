import type { Db } from './native.js'

/**
 * The next number of the one order of events. It is taken inside the transaction, since the daemon, `ask` and imports may write
 * at once: a number is never seen before the rows that carry it.
 */
export function prepareSequence(db: Db): () => number {
  const next = db.prepare<[], number>('UPDATE counter SET seq = seq + 1 WHERE id = 1 RETURNING seq').pluck()
  return () => next.get() ?? 0
}
