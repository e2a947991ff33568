import { packDigest } from './digests.js'
import type { Db } from './native.js'
import type { PrefixNode } from './types.js'

/** Stores the nodes of a conversation's digest chain that are new and returns the number of its last one, or null for none. */
export type WritePrefixes = (chain: readonly PrefixNode[]) => number | null

export function prepareWritePrefixes(db: Db): WritePrefixes {
  const find = db.prepare<[Buffer | string], number>('SELECT id FROM prefix WHERE digest = ?').pluck()
  const insert = db.prepare('INSERT INTO prefix(parent, digest, ref_tokens) VALUES (?, ?, ?)')

  return (chain) => {
    // From the end: an agent's next turn shares all but its last few nodes with the turn before.
    let known = chain.length
    let id: number | null = null
    while (known > 0) {
      const node = chain[known - 1]
      const stored = node === undefined ? undefined : find.get(packDigest(node.digest))
      if (stored !== undefined) {
        id = stored
        break
      }
      known--
    }
    for (const node of chain.slice(known)) {
      id = Number(insert.run(id, packDigest(node.digest), node.refTokens).lastInsertRowid)
    }
    return id
  }
}
