import type { StoredMessage } from '../../ledger/index.js'
import type { PrefixLink } from '../../policy/index.js'
import type { Conversation } from '../../route/digest-messages.js'
import type { Asked } from './understand-history.js'

interface JoinedConversation extends Conversation {
  readonly prefixes: readonly PrefixLink[]
  readonly leaf: PrefixLink | null
}

interface LastSeen {
  readonly links: readonly PrefixLink[]
  readonly messages: readonly StoredMessage[]
  /** This import brought the last prefix into the ledger, and remembers everything that goes on from it. */
  endsNew: boolean
}

/** Prefixes whose tokens are remembered at least: many more than the calls add that the ledger has not written yet. */
const REMEMBERED = 25_000

/**
 * Rebuilds complete conversations from what each call adds to the one it continues. Calls come in the order in which they were understood;
 * `unseen` are the tokens of content missing from their log, which precedes everything else. A prefix keeps the tokens that it was first
 * stored with, since the ledger has each prefix once: `storedTokens` are those of the ledger, null where it lacks the prefix.
 */
export function joinConversations(storedTokens: (digest: string) => number | null): (asked: Asked, unseen: number) => JoinedConversation {
  const places: LastSeen[] = []
  let recent = new Map<string, number>()
  let earlier = recent

  function forgetEarlier(): void {
    earlier = recent
    recent = new Map()
    for (const place of places) place.endsNew = false
  }

  return ({ place: { slot, kept }, prefixes, messages: added, breakpoints }, unseen) => {
    if (recent.size >= REMEMBERED) forgetEarlier()
    const before = places[slot]
    const links = before?.links.slice(0, kept) ?? []
    const messages = [...(before?.messages.slice(0, kept) ?? []), ...added]
    let leaf = links.at(-1) ?? null
    // A digest covers everything before it: what follows a new prefix is new too.
    const goesOnNew = before?.endsNew === true && kept === before.links.length
    let endsNew = false
    for (const { digest, refTokens } of prefixes) {
      const remembered = recent.get(digest) ?? earlier.get(digest)
      const known: number | null = endsNew ? null : (remembered ?? (goesOnNew ? null : storedTokens(digest)))
      endsNew = known === null
      leaf = { digest, refTokens: known ?? refTokens + unseen, depth: links.length, parent: leaf }
      recent.set(digest, leaf.refTokens)
      links.push(leaf)
    }
    places[slot] = { links, messages, endsNew: endsNew || goesOnNew }
    return { prefixes: links, leaf, messages, breakpoints }
  }
}
