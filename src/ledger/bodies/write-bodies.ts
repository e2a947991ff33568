import { digest, Fault } from '../../kit/index.js'
import type { EndedCall, StoredMessage } from '../types.js'
import type { Body, BodyStore } from './store-bodies.js'

interface Waiting {
  readonly bodies: Body[]
  readonly texts: Map<string, string>
  /** The messages of the last call: each is among the texts or known to be stored. */
  last: readonly StoredMessage[]
  /** Of the texts, and of everything. */
  textBytes: number
  bytes: number
}

const GATHER_MS = 250
const PACK_BYTES = 256 * 1024
/** Bodies waiting for a slow disk; beyond it they are dropped and reported, since memory is the client's too. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024
/** Stands for the place of a message in the list of a waiting call. */
const ROW_BYTES = 64

/** Writes bodies behind the client's back: they are gathered for a moment, then stored together. */
export type BodyWriter = ReturnType<typeof openBodyWriter>

export function openBodyWriter(store: BodyStore, onError: (error: unknown) => void) {
  let waiting = nothingWaiting()
  /** Batches on their way to the file. */
  const leaving: Waiting[] = []
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()

  function add(call: string, request: readonly StoredMessage[], reply: string | null): void {
    const kept = sameAtStart(request, waiting.last)
    const added = request.slice(kept)
    const unknown = added.filter((m) => !store.isKnown(m.digest))
    let textBytes = reply?.length ?? 0
    for (const m of unknown) if (textOf(m.digest) === undefined) textBytes += m.json.length
    const bytes = textBytes + request.length * ROW_BYTES
    if (leaving.reduce((sum, batch) => sum + batch.bytes, waiting.bytes + bytes) > MOST_WAITING_BYTES) {
      onError(new Fault('E_LEDGER', `the bodies of call ${call} were not stored: too many are waiting`, { hint: 'Check the disk.' }))
      return
    }
    for (const m of unknown) waiting.texts.set(m.digest, textOf(m.digest) ?? m.json)
    push(waiting, call, kept, added, reply)
    waiting.textBytes += textBytes
    waiting.bytes += bytes
    waiting.last = request
    if (waiting.textBytes >= PACK_BYTES) start()
    else timer ??= setTimeout(start, GATHER_MS)
  }

  /** A message that is not in the file yet: an agent's history is in memory once, however many of its calls wait. */
  function textOf(digest: string): string | undefined {
    let text = waiting.texts.get(digest)
    for (let i = 0; text === undefined && i < leaving.length; i++) text = leaving[i]!.texts.get(digest)
    return text
  }

  function start(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (waiting.bodies.length === 0) return
    const batch = waiting
    waiting = nothingWaiting()
    leaving.push(batch)
    writing = writing
      .then(() => store.write(batch))
      .catch(onError)
      .finally(() => leaving.shift())
  }

  /** Stores the bodies of these calls in the transaction of `open`, which writes the calls themselves. */
  function record(calls: readonly EndedCall[], open: () => void): Promise<void> {
    const batch = { bodies: [] as Body[], texts: new Map<string, string>() }
    let last: readonly StoredMessage[] = []
    for (const call of calls) {
      if (call.bodies === undefined) continue
      const { request, reply } = call.bodies
      const kept = sameAtStart(request, last)
      const added = request.slice(kept)
      for (const m of added) if (!store.isKnown(m.digest)) batch.texts.set(m.digest, m.json)
      push(batch, call.open.id, kept, added, reply)
      last = request
    }
    return store.write(batch, open)
  }

  return {
    add,
    record,
    /** Resolves when everything added so far is in the file. */
    async flush() {
      start()
      await writing
    },
    /** Forgets which messages are stored, after some were deleted. */
    forget() {
      store.forget()
      waiting.last = []
    },
  }
}

/** A conversation's next call begins with the messages of the one before. */
function sameAtStart(request: readonly StoredMessage[], last: readonly StoredMessage[]): number {
  let kept = 0
  while (kept < request.length && request[kept] === last[kept]) kept++
  return kept
}

function push(
  { bodies, texts }: Pick<Waiting, 'bodies' | 'texts'>,
  call: string,
  kept: number,
  added: readonly StoredMessage[],
  reply: string | null,
): void {
  const answer = reply === null ? null : digest(reply)
  if (answer !== null && reply !== null) texts.set(answer, reply)
  bodies.push({ call, kept, messages: added.map((m) => m.digest), reply: answer })
}

function nothingWaiting(): Waiting {
  return { bodies: [], texts: new Map(), last: [], textBytes: 0, bytes: 0 }
}
