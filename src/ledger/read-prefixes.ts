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

/** Neighbouring nodes, a column each; a node's place is its number modulo `SIZE`. */
interface Page {
  /** Highest number there was when the page was read. */
  readonly last: number
  readonly parents: Uint32Array
  readonly tokens: Uint32Array
  readonly digests: Buffer
  /** Digests of another width than the pipeline's, from tests and other tools. */
  readonly unusual: ReadonlyMap<number, Buffer | string>
}

const SIZE = 1024
/** Bytes of a digest as the pipeline makes them. */
const WIDTH = 16

/** Reads nodes when they are asked for, a thousand neighbours at a time: about a millisecond, and 24 bytes a node kept. */
export function openPrefixes(db: Db): PrefixTrie {
  const pages = new Map<number, Page>()
  const readPage = prepareReadPage(db)

  function pageOf(node: number): Page {
    const index = Math.floor(node / SIZE)
    const known = pages.get(index)
    if (known !== undefined && node <= known.last) return known
    const page = readPage(index)
    pages.set(index, page)
    return page
  }

  const parent = (node: number) => pageOf(node).parents[node % SIZE] ?? 0
  return {
    parent,
    refTokens: (node) => pageOf(node).tokens[node % SIZE] ?? 0,
    digest(node) {
      const { digests, unusual } = pageOf(node)
      const place = node % SIZE
      const other = unusual.get(node)
      return other === undefined ? digests.toString('hex', place * WIDTH, (place + 1) * WIDTH) : unpackDigest(other)
    },
    chain(leaf) {
      const nodes: number[] = []
      for (let node = leaf ?? 0; node > 0; node = parent(node)) nodes.push(node)
      return nodes.reverse()
    },
  }
}

type Columns = readonly [ids: string | null, parents: string, tokens: string, plain: number, count: number, digests: Buffer]

function prepareReadPage(db: Db): (index: number) => Page {
  const columns = db
    .prepare<[number, number], Columns>(
      `SELECT group_concat(id), group_concat(coalesce(parent, 0)), group_concat(ref_tokens),
         sum(typeof(digest) = 'blob' AND length(digest) = ${WIDTH}), count(*), CAST(group_concat(digest, '') AS BLOB)
       FROM (SELECT * FROM prefix WHERE id >= ? AND id < ? ORDER BY id)`,
    )
    .raw()
  const one = db.prepare<[number], Buffer | string>('SELECT digest FROM prefix WHERE id = ?').pluck()

  return (index) => {
    const [ids, parent, refTokens, plain, count, bytes] = columns.get(index * SIZE, (index + 1) * SIZE) as Columns
    const nodes = ids === null ? [] : ids.split(',').map(Number)
    const above = nodes.length === 0 ? [] : parent.split(',')
    const counts = nodes.length === 0 ? [] : refTokens.split(',')
    const page = { parents: new Uint32Array(SIZE), tokens: new Uint32Array(SIZE), digests: Buffer.alloc(SIZE * WIDTH) }
    const unusual = new Map<number, Buffer | string>()
    for (const [i, node] of nodes.entries()) {
      const place = node % SIZE
      page.parents[place] = Number(above[i])
      page.tokens[place] = Number(counts[i])
      if (plain === count) bytes.copy(page.digests, place * WIDTH, i * WIDTH, (i + 1) * WIDTH)
      else unusual.set(node, one.get(node) ?? '')
    }
    return { ...page, last: nodes[nodes.length - 1] ?? 0, unusual }
  }
}
