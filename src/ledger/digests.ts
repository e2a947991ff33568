import { createHmac, randomBytes } from 'node:crypto'
import type { CommitQueue } from './database/commit-queue.js'
import type { Db } from './database/native.js'

/** Hex digests are stored as bytes, half their size; any other text unchanged. */
export function packDigest(digest: string): Buffer | string {
  return digest.length % 2 === 0 && /^[0-9a-f]+$/.test(digest) ? Buffer.from(digest, 'hex') : digest
}

export function unpackDigest(stored: Buffer | string): string {
  return typeof stored === 'string' ? stored : stored.toString('hex')
}

/** A digest that reveals nothing about its content without this ledger's key: for calls whose bodies are not stored. */
export function keyedDigest(key: Uint8Array, digest: string): string {
  return createHmac('sha256', key).update(digest).digest('hex').slice(0, 32)
}

/** The ledger's own key, made with the ledger. A file that may not be written and has none gives a key of this moment. */
export function ledgerKey(db: Db, queue: CommitQueue | null, now: () => number): Buffer {
  const select = db.prepare<[], Buffer>("SELECT value FROM meta WHERE key = 'digest-key'").pluck()
  const stored = select.get()
  if (stored !== undefined) return stored
  const fresh = randomBytes(32)
  if (queue === null) return fresh
  return queue.now(() => {
    db.prepare("INSERT OR IGNORE INTO meta VALUES ('digest-key', ?), ('created-at', ?)").run(fresh, now())
    return select.get() ?? fresh
  })
}
