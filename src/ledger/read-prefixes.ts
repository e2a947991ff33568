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

const PAGE = 20_000
/** Bytes of a digest as the pipeline makes them. */
const WIDTH = 16

type Page = readonly [ids: string | null, parents: string, tokens: string, plain: number, count: number, digests: Buffer]

/** Loads the whole trie, 24 bytes a node, a column of a page at a time; digests are made into text when asked for. */
export function readPrefixes(db: Db): PrefixTrie {
  const size = (db.prepare<[], number | null>('SELECT max(id) FROM prefix').pluck().get() ?? 0) + 1
  const parents = new Uint32Array(size)
  const tokens = new Uint32Array(size)
  const digests = Buffer.alloc(size * WIDTH)
  /** Those of another width, from tests and other tools. */
  const unusual = new Map<number, Buffer | string>()
  const page = db
    .prepare<[number], Page>(
      `SELECT group_concat(id), group_concat(coalesce(parent, 0)), group_concat(ref_tokens),
         sum(typeof(digest) = 'blob' AND length(digest) = ${WIDTH}), count(*), CAST(group_concat(digest, '') AS BLOB)
       FROM (SELECT * FROM prefix WHERE id > ? ORDER BY id LIMIT ${PAGE})`,
    )
    .raw()
  const one = db.prepare<[number], Buffer | string>('SELECT digest FROM prefix WHERE id = ?').pluck()

  for (let last = 0; ; ) {
    const [ids, parent, refTokens, plain, count, bytes] = page.get(last) as Page
    if (ids === null) break
    const nodes = ids.split(',').map(Number)
    const above = parent.split(',')
    const counts = refTokens.split(',')
    for (const [i, node] of nodes.entries()) {
      parents[node] = Number(above[i])
      tokens[node] = Number(counts[i])
      if (plain === count) bytes.copy(digests, node * WIDTH, i * WIDTH, (i + 1) * WIDTH)
      else unusual.set(node, one.get(node) ?? '')
      last = node
    }
  }

  return {
    parent: (node) => parents[node] ?? 0,
    refTokens: (node) => tokens[node] ?? 0,
    digest(node) {
      const other = unusual.get(node)
      return other === undefined ? digests.toString('hex', node * WIDTH, (node + 1) * WIDTH) : unpackDigest(other)
    },
    chain(leaf) {
      const nodes: number[] = []
      for (let node = leaf ?? 0; node > 0; node = parents[node] ?? 0) nodes.push(node)
      return nodes.reverse()
    },
  }
}
