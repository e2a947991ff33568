import type { Db } from '../database/native.js'

/** The state that folding every event before `seq` gives, as the policy encodes it. */
export interface Checkpoint {
  readonly seq: number
  readonly atMs: number
  readonly engine: number
  readonly state: Uint8Array
}

const KEPT = 4

export type Checkpoints = ReturnType<typeof openCheckpoints>

export function openCheckpoints(db: Db) {
  const select = db.prepare<[number], Checkpoint>(
    'SELECT seq, at AS atMs, engine, state FROM checkpoint WHERE seq <= ? ORDER BY seq DESC LIMIT 1',
  )
  const insert = db.prepare('INSERT OR REPLACE INTO checkpoint(seq, at, engine, state) VALUES (?, ?, ?, ?)')
  const thin = db.prepare('DELETE FROM checkpoint WHERE seq > ? AND seq NOT IN (SELECT seq FROM checkpoint ORDER BY seq DESC LIMIT ?)')
  const first = db.prepare<[], number>("SELECT value FROM meta WHERE key = 'first-seq'").pluck()
  const setFirst = db.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES ('first-seq', ?)")
  const dropBefore = db.prepare('DELETE FROM checkpoint WHERE seq < ?')
  /** Every call decided before this `seq` was pruned, except those that ended after it. */
  const firstSeq = () => first.get() ?? 0
  return {
    /** The newest one at or before `seq`. */
    latest: (seq = Number.MAX_SAFE_INTEGER) => select.get(seq) ?? null,
    /** Replaces one with the same `seq`. Only the newest few are kept, and the one at the first call. Call inside a transaction. */
    save({ seq, atMs, engine, state }: Checkpoint) {
      insert.run(seq, atMs, engine, state)
      thin.run(firstSeq(), KEPT)
    },
    firstSeq,
    /** Call inside a transaction. */
    setFirstSeq(seq: number) {
      setFirst.run(seq)
      dropBefore.run(seq)
    },
  }
}
