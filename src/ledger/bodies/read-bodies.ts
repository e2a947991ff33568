import type { Db } from '../database/native.js'
import { unpackDigest } from '../digests.js'
import { unpackNumbers } from '../packed/kinds.js'
import type { StoredMessage } from '../types.js'
import { expandPack } from './packs.js'

export interface StoredBodies {
  /** Messages that retention has deleted are left out. */
  readonly request: readonly StoredMessage[]
  readonly reply: string | null
}

/** Reads bodies back, remembering the last packs, since neighbouring calls share them. */
export function prepareReadBodies(db: Db): (seq: number) => StoredBodies | null {
  const bodyOf = db.prepare<[number], { messages: Buffer; reply: number | null }>('SELECT messages, reply FROM body WHERE call = ?')
  const messageOf = db.prepare<[number], { digest: Buffer | string; pack: number; start: number; bytes: number }>(
    'SELECT digest, pack, start, bytes FROM message WHERE id = ?',
  )
  const packOf = db.prepare<[number], Buffer>('SELECT data FROM pack WHERE id = ?').pluck()
  const expanded = new Map<number, Buffer>()

  function pack(id: number): Buffer | null {
    const known = expanded.get(id)
    if (known !== undefined) return known
    const stored = packOf.get(id)
    if (stored === undefined) return null
    if (expanded.size >= 32) expanded.delete(expanded.keys().next().value ?? 0)
    const raw = expandPack(stored)
    expanded.set(id, raw)
    return raw
  }

  function message(id: number): StoredMessage | null {
    const row = messageOf.get(id)
    const raw = row && pack(row.pack)
    return row && raw ? { digest: unpackDigest(row.digest), json: raw.toString('utf8', row.start, row.start + row.bytes) } : null
  }

  return (seq) => {
    const body = bodyOf.get(seq)
    if (body === undefined) return null
    const request = unpackNumbers(body.messages).map(message)
    return { request: request.filter((m) => m !== null), reply: body.reply === null ? null : (message(body.reply)?.json ?? null) }
  }
}
