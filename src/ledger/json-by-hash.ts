import type { Db } from './database/native.js'

/** Placeholder for the JSON until `remember` supplies it. */
const MISSING = ''

/** Policies and model revisions: stored completely, once per hash. */
export type JsonByHash = ReturnType<typeof openJsonByHash>

export function openJsonByHash(db: Db, table: 'policy' | 'model_rev') {
  const byHash = new Map<string, number>()
  const byNumber = new Map<number, string>()
  const upsert = db
    .prepare<[string, string], number>(
      `INSERT INTO ${table}(hash, json) VALUES (?, ?)
       ON CONFLICT(hash) DO UPDATE SET json = iif(json = '', excluded.json, json) RETURNING n`,
    )
    .pluck()
  const select = db.prepare<[string], number>(`SELECT n FROM ${table} WHERE hash = ?`).pluck()
  const selectHash = db.prepare<[number], string>(`SELECT hash FROM ${table} WHERE n = ?`).pluck()
  const selectAll = db.prepare<[], { hash: string; json: string }>(`SELECT hash, json FROM ${table} ORDER BY n`)

  function learn(hash: string, n: number): number {
    byHash.set(hash, n)
    byNumber.set(n, hash)
    return n
  }

  return {
    /** Stores the JSON unless it is there; returns its number. Call inside a transaction. */
    remember: (hash: string, json: string) => learn(hash, upsert.get(hash, json) ?? 0),
    /** Number of a hash; a row without JSON is created for an unknown one. */
    number: (hash: string) => byHash.get(hash) ?? learn(hash, select.get(hash) ?? upsert.get(hash, MISSING) ?? 0),
    hash(n: number) {
      const known = byNumber.get(n)
      if (known !== undefined) return known
      const stored = selectHash.get(n)
      if (stored === undefined) return ''
      learn(stored, n)
      return stored
    },
    all: () => new Map(selectAll.all().map((row) => [row.hash, row.json])),
    forget() {
      byHash.clear()
      byNumber.clear()
    },
  }
}
