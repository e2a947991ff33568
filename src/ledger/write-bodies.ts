import { digest, Fault } from '../kit/index.js'
import type { CommitQueue } from './commit-queue.js'
import { packDigest } from './digests.js'
import type { Db } from './native.js'
import { packNumbers } from './packed/numbers.js'
import { compressPack } from './packs.js'
import type { StoredMessage } from './types.js'

/** Writes bodies behind the client's back: gathered for a moment, compressed off the main thread, then one small transaction. */
export interface BodyWriter {
  add(call: string, request: readonly StoredMessage[], reply: string | null): void
  /** Resolves when everything added so far is in the file. */
  flush(): Promise<void>
  /** Forgets which messages are stored, after some were deleted. */
  forget(): void
}

export interface BodyWriterOptions {
  readonly queue: CommitQueue
  readonly now: () => number
  /** Number of a call's row; undefined when there is no such call. */
  readonly findSeq: (call: string) => number | undefined
  /** Takes secrets out of a message before it is stored. */
  readonly redact: (json: string) => string
  readonly onError: (error: unknown) => void
}

/** A call's messages, by digest: an agent's history must not pile up in memory. */
interface Waiting {
  readonly call: string
  readonly messages: readonly string[]
  readonly reply: string | null
}

interface Batch {
  readonly bodies: Waiting[]
  /** JSON of the messages that are not known to be stored, by digest. */
  readonly texts: Map<string, string>
  bytes: number
}

export const DAY_MS = 86_400_000
const GATHER_MS = 250
const PACK_BYTES = 256 * 1024
/** Bodies waiting for a slow disk; beyond it they are dropped and reported, since memory is the client's too. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024
/** Stands for a message of a waiting call that is already in memory or in the file. */
const ROW_BYTES = 64
const REMEMBERED = 20_000

function emptyBatch(): Batch {
  return { bodies: [], texts: new Map(), bytes: 0 }
}

export function openBodyWriter(db: Db, options: BodyWriterOptions): BodyWriter {
  const { queue } = options
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
  /** Messages on their way to the file, by digest: an agent's history is in memory once, however many of its calls wait. */
  const pending = new Map<string, string>()
  let waiting = emptyBatch()
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let inFlightBytes = 0

  function add(call: string, request: readonly StoredMessage[], reply: string | null): void {
    let bytes = reply?.length ?? 0
    const unknown: StoredMessage[] = []
    for (const m of request) {
      const isKnown = known.has(m.digest)
      if (!isKnown) unknown.push(m)
      bytes += isKnown || pending.has(m.digest) ? ROW_BYTES : m.json.length
    }
    if (waiting.bytes + inFlightBytes + bytes > MOST_WAITING_BYTES) {
      options.onError(
        new Fault('E_LEDGER', `the bodies of call ${call} were not stored: too many are waiting`, { hint: 'Check the disk.' }),
      )
      return
    }
    for (const m of unknown) {
      const json = pending.get(m.digest) ?? m.json
      pending.set(m.digest, json)
      waiting.texts.set(m.digest, json)
    }
    const answer = reply === null ? null : digest(reply)
    if (answer !== null && reply !== null) waiting.texts.set(answer, reply)
    waiting.bodies.push({ call, messages: request.map((m) => m.digest), reply: answer })
    waiting.bytes += bytes
    if (waiting.bytes >= PACK_BYTES) start()
    else timer ??= setTimeout(start, GATHER_MS)
  }

  function start(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (waiting.bodies.length === 0) return
    const batch = waiting
    waiting = emptyBatch()
    inFlightBytes += batch.bytes
    writing = writing
      .then(() => write(batch))
      .catch(options.onError)
      .finally(() => {
        inFlightBytes -= batch.bytes
        for (const name of batch.texts.keys()) pending.delete(name)
      })
  }

  async function write({ bodies, texts }: Batch): Promise<void> {
    const day = Math.floor(options.now() / DAY_MS)
    if (day !== knownDay || known.size > REMEMBERED) known.clear()
    knownDay = day
    const fresh = new Map<string, Buffer>()
    for (const [name, json] of texts)
      if (!known.has(name) && findMessage.get(packDigest(name)) === undefined) fresh.set(name, Buffer.from(options.redact(json)))
    const raw = Buffer.concat([...fresh.values()])
    const packed = raw.length === 0 ? null : await compressPack(raw)
    const stored = await queue.run(() => {
      const numbers = new Map<string, number>()
      if (packed !== null) storePack(packed, raw.length, fresh, numbers, day)
      for (const body of bodies) storeBody(body, numbers, day)
      return numbers
    })
    for (const [name, id] of stored) known.set(name, id)
  }

  function storePack(
    packed: Buffer,
    rawBytes: number,
    fresh: ReadonlyMap<string, Buffer>,
    numbers: Map<string, number>,
    day: number,
  ): void {
    const pack = Number(insertPack.run(options.now(), rawBytes, packed).lastInsertRowid)
    let start = 0
    for (const [name, json] of fresh) {
      const key = packDigest(name)
      const { changes, lastInsertRowid } = insertMessage.run(key, pack, start, json.length, day)
      // Another process may have stored the same one meanwhile.
      numbers.set(name, changes === 0 ? (findMessage.get(key)?.id ?? 0) : Number(lastInsertRowid))
      start += json.length
    }
  }

  function storeBody(body: Waiting, numbers: Map<string, number>, day: number): void {
    const seq = options.findSeq(body.call)
    if (seq === undefined) return
    const number = (name: string) => known.get(name) ?? numbers.get(name) ?? reuse(name, numbers, day)
    insertBody.run(seq, packNumbers(body.messages.map(number)), body.reply === null ? null : number(body.reply))
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
    add,
    async flush() {
      start()
      await writing
    },
    forget: () => known.clear(),
  }
}
