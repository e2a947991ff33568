import { DAY_MS } from '../../kit/index.js'
import type { CommitQueue } from '../database/commit-queue.js'
import type { Db } from '../database/native.js'
import { packDigest } from '../digests.js'
import { packNumbers } from '../packed/kinds.js'
import { compressPack } from './packs.js'

/** A call's messages, by digest: an agent's history must not pile up in memory. */
export interface Body {
  readonly call: string
  /** How many messages of the batch's call before it begins with; `messages` are those after them. */
  readonly kept: number
  readonly messages: readonly string[]
  readonly reply: string | null
}

/** Bodies that are written together. */
interface BodyBatch {
  readonly bodies: readonly Body[]
  /** JSON of the messages that are not known to be stored, by digest. */
  readonly texts: ReadonlyMap<string, string>
}

/** A message that is not in the file, with the form of its digest there. */
interface Fresh {
  readonly name: string
  readonly key: Buffer | string
  readonly json: Buffer
}

interface BodyStoreOptions {
  readonly queue: CommitQueue
  readonly now: () => number
  /** Number of a call's row; undefined when there is no such call. */
  readonly findSeq: (call: string) => number | undefined
  /** Takes secrets out of a message before it is stored. */
  readonly redact: (json: string) => string
}

const REMEMBERED = 20_000

export type BodyStore = ReturnType<typeof prepareBodyStore>

export function prepareBodyStore(db: Db, { queue, now, findSeq, redact }: BodyStoreOptions) {
  const findMessage = db.prepare<[Buffer | string], { id: number; used_day: number }>('SELECT id, used_day FROM message WHERE digest = ?')
  const use = db.prepare('UPDATE message SET used_day = ? WHERE id = ?')
  const insertPack = db.prepare('INSERT INTO pack(at, raw_bytes, data) VALUES (?, ?, ?)')
  const insertMessage = db.prepare(
    'INSERT INTO message(digest, pack, start, bytes, used_day) VALUES (?, ?, ?, ?, ?) ON CONFLICT(digest) DO NOTHING',
  )
  const insertBody = db.prepare('INSERT OR REPLACE INTO body(call, messages, reply) VALUES (?, ?, ?)')
  /** Numbers of messages that were stored or used today, by digest. */
  const known = new Map<string, number>()
  let knownDay = 0

  /** Those that are not in the file. Looked up in one transaction, since each statement alone locks the file and releases it again. */
  const unstored = db.transaction((texts: BodyBatch['texts']): readonly Fresh[] => {
    const fresh: Fresh[] = []
    for (const [name, json] of texts) {
      if (known.has(name)) continue
      const key = packDigest(name)
      if (findMessage.get(key) === undefined) fresh.push({ name, key, json: Buffer.from(redact(json)) })
    }
    return fresh
  })

  /** Compresses the new messages off the main thread and writes all in one small transaction, behind what `first` writes. */
  async function write({ bodies, texts }: BodyBatch, first?: () => void): Promise<void> {
    const day = Math.floor(now() / DAY_MS)
    if (day !== knownDay || known.size > REMEMBERED) known.clear()
    knownDay = day
    const fresh = unstored(texts)
    const raw = Buffer.concat(fresh.map(({ json }) => json))
    const packed = raw.length === 0 ? null : await compressPack(raw)
    const stored = await queue.run(() => {
      first?.()
      const numbers = new Map<string, number>()
      if (packed !== null) storePack(packed, raw.length, fresh, numbers, day)
      let before: readonly number[] = []
      for (const body of bodies) before = storeBody(body, before, numbers, day)
      return numbers
    })
    for (const [name, id] of stored) known.set(name, id)
  }

  function storePack(packed: Buffer, rawBytes: number, fresh: readonly Fresh[], numbers: Map<string, number>, day: number): void {
    const pack = Number(insertPack.run(now(), rawBytes, packed).lastInsertRowid)
    let start = 0
    for (const { name, key, json } of fresh) {
      const { changes, lastInsertRowid } = insertMessage.run(key, pack, start, json.length, day)
      // Another process may have stored the same one meanwhile.
      numbers.set(name, changes === 0 ? (findMessage.get(key)?.id ?? 0) : Number(lastInsertRowid))
      start += json.length
    }
  }

  /** Returns the numbers of its messages, with which the next body may begin. */
  function storeBody(body: Body, before: readonly number[], numbers: Map<string, number>, day: number): readonly number[] {
    const number = (name: string) => numbers.get(name) ?? known.get(name) ?? reuse(name, numbers, day)
    const messages = before.slice(0, body.kept)
    for (const name of body.messages) messages.push(number(name))
    const seq = findSeq(body.call)
    if (seq !== undefined) insertBody.run(seq, packNumbers(messages), body.reply === null ? null : number(body.reply))
    return messages
  }

  /** A message that an earlier day or another process stored: noted as used today, so that retention leaves it. */
  function reuse(name: string, numbers: Map<string, number>, day: number): number {
    const row = findMessage.get(packDigest(name))
    if (row === undefined) return 0
    if (row.used_day < day) use.run(day, row.id)
    numbers.set(name, row.id)
    return row.id
  }

  return {
    /** Whether a message was stored or used today, as far as is remembered. */
    isKnown: (digest: string) => known.has(digest),
    write,
    /** Forgets which messages are stored, after some were deleted. */
    forget: () => known.clear(),
  }
}
