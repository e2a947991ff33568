import type { PrefixLink } from '../policy/index.js'

/**
 * How much longer or shorter a conversation would be by now, in reference tokens: a model that says more makes every later prompt of its
 * session longer. Kept for each session while its prompts go on from one another; a conversation that starts anew has none.
 */
export interface HistoryDrift {
  /** Drift of the prompt that ends at `leaf`. */
  before(session: string | null, leaf: PrefixLink | null): number
  /** The answer to it would have had `tokens` more. */
  after(session: string | null, leaf: PrefixLink | null, tokens: number): void
}

export function trackDrift(): HistoryDrift {
  const sessions = new Map<string, { leaf: PrefixLink; tokens: number }>()
  const goesOn = (leaf: PrefixLink | null, from: PrefixLink): boolean => {
    let link = leaf
    while (link !== null && link.depth > from.depth) link = link.parent
    return link?.digest === from.digest
  }
  const before = (session: string | null, leaf: PrefixLink | null): number => {
    const known = session === null ? undefined : sessions.get(session)
    return known === undefined || !goesOn(leaf, known.leaf) ? 0 : known.tokens
  }
  return {
    before,
    after(session, leaf, tokens) {
      if (session !== null && leaf !== null) sessions.set(session, { leaf, tokens: before(session, leaf) + tokens })
    },
  }
}
