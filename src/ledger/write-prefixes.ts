import { packDigest } from './digests.js'
import type { Db } from './native.js'
import type { PrefixNode } from './types.js'

export interface Prefixes {
  /** Stores the nodes of a conversation's digest chain that are new and returns the number of its last one, or null for none. Call inside a transaction. */
  write(chain: readonly PrefixNode[]): number | null
  /** Forgets what a rolled-back transaction may have added, or what was deleted. */
  forget(): void
}

/** Nodes remembered: the openings of conversations and where those of now have got to. */
const REMEMBERED = 20_000

export function prepareWritePrefixes(db: Db): Prefixes {
  const find = db.prepare<[Buffer | string], number>('SELECT id FROM prefix WHERE digest = ?').pluck()
  const insert = db.prepare('INSERT INTO prefix(parent, digest, ref_tokens) VALUES (?, ?, ?) ON CONFLICT(digest) DO NOTHING')
  const known = new Map<string, number>()

  function idOf(node: PrefixNode): number | undefined {
    return known.get(node.digest) ?? find.get(packDigest(node.digest))
  }

  function learn(digest: string, id: number): number {
    if (known.size >= REMEMBERED) known.clear()
    known.set(digest, id)
    return id
  }

  function store(parent: number | null, node: PrefixNode): number {
    const key = packDigest(node.digest)
    const { changes, lastInsertRowid } = insert.run(parent, key, node.refTokens)
    return learn(node.digest, changes === 0 ? (find.get(key) ?? 0) : Number(lastInsertRowid))
  }

  return {
    write(chain) {
      // From the end: an agent's next turn shares all but its last few nodes with the turn before. A chain whose node before the
      // last is remembered has a new last one, or else the insert will find it.
      let from = chain.length
      let id: number | null = null
      for (let at = chain.length - 1; at >= 0 && id === null; at--) {
        const node = chain[at] as PrefixNode
        const stored = known.get(node.digest) ?? (at > 0 && known.has((chain[at - 1] as PrefixNode).digest) ? undefined : idOf(node))
        if (stored !== undefined) id = learn(node.digest, stored)
        else from = at
      }
      for (const node of chain.slice(from)) id = store(id, node)
      return id
    },
    forget: () => known.clear(),
  }
}
