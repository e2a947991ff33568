import type { PrefixNode } from '../../ledger/index.js'

/** Position of a conversation among those that continue: it starts with what was last seen there. */
export interface Place {
  readonly slot: number
  /** Entries of the conversation last seen in this slot that this one begins with. */
  readonly kept: number
}

/** Sessions that are remembered at once. */
const SLOTS = 64

export function openPlaces() {
  const known = new Map<string, { readonly slot: number; readonly prefixes: readonly PrefixNode[] }>()

  /** That of the session that was seen longest ago, once all are taken. */
  function freeSlot(): number {
    const [oldest] = known
    if (known.size < SLOTS || oldest === undefined) return known.size
    known.delete(oldest[0])
    return oldest[1].slot
  }

  return {
    /** The place of a conversation, by what names its session. */
    of(session: string, prefixes: readonly PrefixNode[]): Place {
      const before = known.get(session)
      // Each digest covers everything before it: where one matches, so does everything up to it.
      let kept = Math.min(before?.prefixes.length ?? 0, prefixes.length)
      while (kept > 0 && before?.prefixes[kept - 1]?.digest !== prefixes[kept - 1]?.digest) kept--
      const slot = before?.slot ?? freeSlot()
      known.delete(session)
      known.set(session, { slot, prefixes })
      return { slot, kept }
    },
  }
}
