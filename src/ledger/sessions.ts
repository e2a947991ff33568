import type { Db } from './database/native.js'

/** Keys of conversations, stored once. They are looked up every time: unlike names, old ones are deleted. */
export interface Sessions {
  /** Call inside a transaction. */
  number(key: string | null): number | null
  key(n: number | null): string | null
}

export function openSessions(db: Db): Sessions {
  const select = db.prepare<[string], number>('SELECT n FROM session WHERE key = ?').pluck()
  const insert = db.prepare('INSERT INTO session(key) VALUES (?)')
  const selectKey = db.prepare<[number], string>('SELECT key FROM session WHERE n = ?').pluck()
  return {
    number: (key) => (key === null ? null : (select.get(key) ?? Number(insert.run(key).lastInsertRowid))),
    key: (n) => (n === null ? null : (selectKey.get(n) ?? null)),
  }
}
