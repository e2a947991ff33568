import type { Db } from './database/native.js'

/** A text's vector under the digest that names the text. */
export interface StoredVector {
  readonly digest: string
  readonly vector: Float32Array
}

/** About 60 MB of vectors with 1,536 numbers each. */
const MOST = 10_000

/** The vectors of one ledger. The oldest go when there are too many. */
export function prepareVectors(db: Db, now: () => number) {
  const get = db.prepare<[string, string], Buffer>('SELECT vector FROM embedding WHERE model = ? AND digest = ?').pluck()
  const put = db.prepare('INSERT OR REPLACE INTO embedding(model, digest, vector, at) VALUES (?, ?, ?, ?)')
  const count = db.prepare<[], number>('SELECT count(*) FROM embedding').pluck()
  const drop = db.prepare('DELETE FROM embedding WHERE (model, digest) IN (SELECT model, digest FROM embedding ORDER BY at LIMIT ?)')
  return {
    of(model: string, digests: readonly string[]): ReadonlyMap<string, Float32Array> {
      const found = new Map<string, Float32Array>()
      for (const digest of digests) {
        const bytes = get.get(model, digest)
        if (bytes !== undefined) found.set(digest, new Float32Array(Uint8Array.from(bytes).buffer))
      }
      return found
    },
    keep(model: string, vectors: readonly StoredVector[]) {
      for (const { digest, vector } of vectors)
        put.run(model, digest, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength), now())
      const extra = (count.get() ?? 0) - MOST
      if (extra > 0) drop.run(extra + MOST / 10)
    },
  }
}
