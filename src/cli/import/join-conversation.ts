import type { StoredMessage } from '../../ledger/index.js'
import type { PrefixLink } from '../../policy/index.js'
import type { Conversation } from '../../route/digest-messages.js'
import type { Asked } from './understand-history.js'

export interface JoinedConversation extends Conversation {
  readonly prefixes: readonly PrefixLink[]
  readonly leaf: PrefixLink | null
}

interface LastSeen {
  readonly links: readonly PrefixLink[]
  readonly messages: readonly StoredMessage[]
  /** This import brought the last prefix into the ledger, and remembers everything that goes on from it. */
  endsNew: boolean
}

/** Prefixes whose tokens are remembered: many more than the calls of one transaction add. */
const REMEMBERED = 50_000

/**
 * Rebuilds complete conversations from what each call adds to the one it continues. Calls come in the order in which they were understood;
 * `unseen` are the tokens of content missing from their log, which precedes everything else. A prefix keeps the tokens that it was first
 * stored with, since the ledger has each prefix once: `storedTokens` are those of the ledger, null where it lacks the prefix.
 */
export function joinConversations(storedTokens: (digest: string) => number | null): (asked: Asked, unseen: number) => JoinedConversation {
  const places: LastSeen[] = []
  const remembered = new Map<string, number>()

  function forget(): void {
    remembered.clear()
    for (const place of places) place.endsNew = false
  }

  return ({ place: { slot, kept }, prefixes, messages: added, breakpoints }, unseen) => {
    if (remembered.size >= REMEMBERED) forget()
    const before = places[slot]
    const links = before?.links.slice(0, kept) ?? []
    const messages = [...(before?.messages.slice(0, kept) ?? []), ...added]
    let leaf = links.at(-1) ?? null
    // A digest covers everything before it: what follows a new prefix is new too.
    const goesOnNew = before?.endsNew === true && kept === before.links.length
    let endsNew = false
    for (const { digest, refTokens } of prefixes) {
      const known: number | null = endsNew ? null : (remembered.get(digest) ?? (goesOnNew ? null : storedTokens(digest)))
      endsNew = known === null
      leaf = { digest, refTokens: known ?? refTokens + unseen, depth: links.length, parent: leaf }
      remembered.set(digest, leaf.refTokens)
      links.push(leaf)
    }
    places[slot] = { links, messages, endsNew: endsNew || goesOnNew }
    return { prefixes: links, leaf, messages, breakpoints }
  }
}
