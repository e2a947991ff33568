import { digest } from '../kit/index.js'
import type { HistoryCall, HistorySource, ReaderContext } from './types.js'

/** True for a key that was not seen in this reading: resumed sessions and copies of a log repeat calls. */
export function isNew({ seen }: ReaderContext, key: string): boolean {
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

/** What a reader knows of a call: what most logs do not say may be left out. */
type Known = Pick<HistoryCall, 'line' | 'atMs' | 'model' | 'format' | 'usage'> & Partial<HistoryCall>

/**
 * Emits a call. Its id is made of `key` and `idMs`, which are the same in every copy of the log. Field by field: spreading the defaults and
 * what is known takes as long as all the rest of reading a call.
 */
export function emitCall(context: ReaderContext, source: HistorySource, key: string, idMs: number, known: Known): void {
  context.emit({
    id: historyId(source, key, idMs),
    source,
    client: known.client ?? source,
    file: context.file,
    line: known.line,
    session: known.session ?? null,
    sideChain: known.sideChain ?? null,
    turn: known.turn ?? 1,
    atMs: known.atMs,
    endMs: known.endMs ?? null,
    ttftMs: known.ttftMs ?? null,
    model: known.model,
    provider: known.provider ?? null,
    format: known.format,
    usage: known.usage,
    costNano: known.costNano ?? null,
    status: known.status ?? 'ok',
    error: known.error ?? null,
    request: known.request ?? null,
    reply: known.reply ?? [],
  })
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID made of the call's time and the digest of its identity in the log: sortable like any other, and always the same. */
function historyId(source: HistorySource, key: string, atMs: number): string {
  let time = ''
  for (let rest = Math.max(0, Math.floor(atMs)), i = 0; i < 10; i++) {
    time = ALPHABET[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  let random = ''
  for (const byte of Buffer.from(digest(`${source}\n${key}`), 'hex')) random += ALPHABET[byte % 32]
  return time + random
}
