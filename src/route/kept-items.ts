import type { Reply } from '../canonical/index.js'
import { codecFor, recallItems, type Splice } from '../wire/index.js'
import { type DecidedCall, replyContext } from './call.js'
import type { Inbound } from './exchange.js'

type Json = Readonly<Record<string, unknown>>

const FORMAT = 'openai-responses'
/** Characters of all items that are remembered; the oldest go first. */
const MOST_KEPT = 16_000_000

/**
 * Items that were written here for clients of Responses. OpenAI keeps its own unless told `store: false`, and the ai SDK then names them on
 * later turns instead of sending them (github.com/vercel/ai/issues/10060); of another vendor's answers nobody would know what was said.
 * Forgotten when the process ends; each local key is given its own alone.
 */
export interface KeptItems {
  remember(call: DecidedCall, reply: Reply, model: string): void
  /** The changes that put items into a request's body where it names them. Throws E_BAD_REQUEST for one that is forgotten. */
  recall(body: Json, inbound: Pick<Inbound, 'key'>): readonly Splice[]
}

/** Whether the client may name items of its answer. */
export function mayNameItems({ inbound, request, wishes }: DecidedCall): boolean {
  return inbound.format === FORMAT && request.extra?.store !== false && wishes.store
}

/** Ids of calls made in one millisecond follow one another, so an id alone is no secret. */
function nameOf(id: unknown, { key }: Pick<Inbound, 'key'>): string {
  return `${id} ${key?.name ?? ''}`
}

export function createKeptItems(): KeptItems {
  const items = new Map<string, string>()
  let kept = 0
  const forget = (name: string): void => {
    kept -= items.get(name)?.length ?? 0
    items.delete(name)
  }
  return {
    remember(call, reply, model) {
      const rev = call.setup.byId.get(model)?.rev
      // A provider of this format keeps what it said, under ids of its own.
      if (rev === undefined || (rev.wires ?? [rev.wire]).includes(FORMAT)) return
      const { output } = codecFor(FORMAT).writeReply(reply, replyContext(call))
      for (const item of output as readonly Json[]) {
        const name = nameOf(item.id, call.inbound)
        const json = JSON.stringify(item)
        forget(name)
        items.set(name, json)
        kept += json.length
      }
      for (const name of items.keys()) {
        if (kept <= MOST_KEPT) return
        forget(name)
      }
    },
    recall: (body, inbound) =>
      recallItems(body, (id) => {
        const item = items.get(nameOf(id, inbound))
        return item === undefined ? undefined : (JSON.parse(item) as Json)
      }),
  }
}
