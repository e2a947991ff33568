import type { Db } from './database/native.js'

/** Keys of conversations, stored once. */
export function openSessions(db: Db) {
  const select = db.prepare<[string], number>('SELECT n FROM session WHERE key = ?').pluck()
  const insert = db.prepare('INSERT INTO session(key) VALUES (?)')
  const selectKey = db.prepare<[number], string>('SELECT key FROM session WHERE n = ?').pluck()
  const known = new Map<string, number>()

  function number(key: string): number {
    const n = known.get(key) ?? select.get(key) ?? Number(insert.run(key).lastInsertRowid)
    known.set(key, n)
    return n
  }

  return {
    /** Call inside a transaction. */
    number: (key: string | null) => (key === null ? null : number(key)),
    key: (n: number | null) => (n === null ? null : (selectKey.get(n) ?? null)),
    /** Call at the end of each transaction: unlike names, old ones are deleted, so that none is remembered for longer. */
    forget: () => known.clear(),
  }
}
