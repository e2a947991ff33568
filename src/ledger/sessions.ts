import type { Db } from './database/native.js'

/** Keys of conversations, stored once. */
export interface Sessions {
  /** Call inside a transaction. */
  number(key: string | null): number | null
  key(n: number | null): string | null
  /** Call at the end of each transaction: unlike names, old ones are deleted, so that none is remembered for longer. */
  forget(): void
}

export function openSessions(db: Db): Sessions {
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
    number: (key) => (key === null ? null : number(key)),
    key: (n) => (n === null ? null : (selectKey.get(n) ?? null)),
    forget: () => known.clear(),
  }
}
