import type { Db } from './database/native.js'

/** Beyond this many words the cache is cleared: names are meant to repeat, but a client may send anything. */
const REMEMBERED = 20_000

/** Words, or the keys of conversations, stored once and referred to by number, with both directions remembered in memory. */
export type Names = ReturnType<typeof openNames>

export function openNames(db: Db, table: 'name' | 'session' = 'name') {
  const [number, word] = table === 'name' ? ['id', 'text'] : ['n', 'key']
  const byText = new Map<string, number>()
  // Row numbers begin at 1 and are dense: an array is faster than a map, and a replay asks for a dozen words a call.
  let byId: (string | undefined)[] = []
  const select = db.prepare<[string], number>(`SELECT ${number} FROM ${table} WHERE ${word} = ?`).pluck()
  const insert = db.prepare(`INSERT INTO ${table}(${word}) VALUES (?)`)
  const selectText = db.prepare<[number], string>(`SELECT ${word} FROM ${table} WHERE ${number} = ?`).pluck()

  function learn(text: string, id: number): number {
    if (byText.size >= REMEMBERED) forget()
    byText.set(text, id)
    byId[id] = text
    return id
  }

  /** Number of a word, or null when no row ever used it. Never writes. */
  function find(text: string): number | null {
    const known = byText.get(text)
    if (known !== undefined) return known
    const stored = select.get(text)
    return stored === undefined ? null : learn(text, stored)
  }

  /** Number of a word, stored now if it is new. Call inside a transaction. */
  function id(text: string): number {
    return find(text) ?? learn(text, Number(insert.run(text).lastInsertRowid))
  }

  function text(of: number): string {
    const known = byId[of]
    if (known !== undefined) return known
    const stored = selectText.get(of)
    if (stored === undefined) return `${table} ${of}`
    learn(stored, of)
    return stored
  }

  function forget(): void {
    byText.clear()
    byId = []
  }

  return {
    id,
    idOrNull: (t: string | null) => (t === null ? null : id(t)),
    find,
    text,
    textOrNull: (of: number | null) => (of === null || of === 0 ? null : text(of)),
    forget,
  }
}
