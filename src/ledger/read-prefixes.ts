import { unpackDigest } from './digests.js'
import type { Db } from './native.js'

/** The trie of conversations: node numbers rise from parent to child. */
export interface PrefixTrie {
  /** Parent of a node; 0 for a root. */
  parent(node: number): number
  refTokens(node: number): number
  digest(node: number): string
  /** Nodes from the root to the leaf. */
  chain(leaf: number | null): number[]
}

/** Loads the whole trie in a few bytes a node; digests are made into text when asked for. */
export function readPrefixes(db: Db): PrefixTrie {
  const size = (db.prepare<[], number | null>('SELECT max(id) FROM prefix').pluck().get() ?? 0) + 1
  const parents = new Uint32Array(size)
  const tokens = new Uint32Array(size)
  const digests = new Array<Buffer | string | undefined>(size)
  const page = db.prepare<[number], [number, number | null, Buffer | string, number]>(
    'SELECT id, parent, digest, ref_tokens FROM prefix WHERE id > ? ORDER BY id LIMIT 5000',
  )
  for (let last = 0; ; ) {
    const rows = page.raw().all(last) as unknown as [number, number | null, Buffer | string, number][]
    for (const [id, parent, digest, refTokens] of rows) {
      parents[id] = parent ?? 0
      tokens[id] = refTokens
      digests[id] = digest
      last = id
    }
    if (rows.length === 0) break
  }

  function digest(node: number): string {
    const stored = digests[node] ?? ''
    if (typeof stored === 'string') return stored
    const text = unpackDigest(stored)
    digests[node] = text
    return text
  }

  return {
    parent: (node) => parents[node] ?? 0,
    refTokens: (node) => tokens[node] ?? 0,
    digest,
    chain(leaf) {
      const nodes: number[] = []
      for (let node = leaf ?? 0; node > 0; node = parents[node] ?? 0) nodes.push(node)
      return nodes.reverse()
    },
  }
}
