import type { PrefixNode, StoredMessage } from '../../ledger/index.js'
import type { PrefixLink } from '../../policy/index.js'
import type { Conversation } from '../../route/digest-messages.js'
import type { Asked } from './understand-history.js'

export interface JoinedConversation extends Conversation {
  readonly prefixes: readonly PrefixLink[]
  readonly leaf: PrefixLink | null
}

/**
 * Rebuilds complete conversations from what each call adds to the one it continues. Calls come in the order in which they were understood;
 * `unseen` are the tokens of content missing from their log, which precedes everything else.
 */
export function joinConversations(): (asked: Asked, unseen: number) => JoinedConversation {
  const places: { readonly nodes: readonly PrefixNode[]; readonly messages: readonly StoredMessage[] }[] = []
  return ({ place: { slot, kept }, prefixes, messages: added, breakpoints }, unseen) => {
    const before = places[slot]
    const nodes = [...(before?.nodes.slice(0, kept) ?? []), ...prefixes]
    const messages = [...(before?.messages.slice(0, kept) ?? []), ...added]
    places[slot] = { nodes, messages }
    const links: PrefixLink[] = []
    let leaf: PrefixLink | null = null
    for (const { digest, refTokens } of nodes) {
      leaf = { digest, refTokens: refTokens + unseen, depth: links.length, parent: leaf }
      links.push(leaf)
    }
    return { prefixes: links, leaf, messages, breakpoints }
  }
}
