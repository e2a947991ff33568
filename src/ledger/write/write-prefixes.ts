import type { Db } from '../database/native.js'
import { packDigest } from '../digests.js'
import type { PrefixNode } from '../types.js'

/** Nodes remembered: the openings of conversations and where those of now have got to. */
const REMEMBERED = 20_000

export function prepareWritePrefixes(db: Db) {
  const find = db.prepare<[Buffer | string], number>('SELECT id FROM prefix WHERE digest = ?').pluck()
  const insert = db.prepare('INSERT INTO prefix(parent, digest, ref_tokens) VALUES (?, ?, ?) ON CONFLICT(digest) DO NOTHING')
  const known = new Map<string, number>()

  function idOf({ digest }: PrefixNode): number | null {
    return known.get(digest) ?? find.get(packDigest(digest)) ?? null
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

  /** Where the nodes begin that are not in the file. One that is has all before it there too; the one after the last remembered is mostly new. */
  function firstNew(chain: readonly PrefixNode[], remembered: number): number {
    let stored = remembered
    let fresh = chain.length
    for (let probe = stored; stored < fresh; probe = (stored + fresh) >> 1) {
      const node = chain[probe]!
      const id = find.get(packDigest(node.digest))
      if (id === undefined) fresh = probe
      else {
        learn(node.digest, id)
        stored = probe + 1
      }
    }
    return stored
  }

  return {
    /** Stores the nodes of a conversation's digest chain that are new and returns the number of its last one, or null for none. Call inside a transaction. */
    write(chain: readonly PrefixNode[]) {
      // From the end: an agent's next turn shares all but its last few nodes with the turn before.
      let remembered = chain.length
      while (remembered > 0 && !known.has(chain[remembered - 1]!.digest)) remembered--
      // Up to two last nodes, as an agent's next turn has them, are inserted unasked: one that is there already is found by the insert.
      const from = remembered < chain.length - 2 ? firstNew(chain, remembered) : remembered
      let id = from === 0 ? null : idOf(chain[from - 1]!)
      for (const node of chain.slice(from)) id = store(id, node)
      return id
    },
    /** Forgets what a rolled-back transaction may have added, or what was deleted. */
    forget: () => known.clear(),
  }
}
