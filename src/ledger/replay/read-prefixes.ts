import type { Db } from '../database/native.js'
import { unpackDigest } from '../digests.js'

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
/** Pages kept, 25 KB each. */
const MOST_PAGES = 256
/** Bytes of a digest as the pipeline makes them. */
const WIDTH = 16

/** The trie of conversations: node numbers rise from parent to child. */
export type PrefixTrie = ReturnType<typeof openPrefixes>

/** Reads nodes on demand, a thousand neighbours at once: about a millisecond, and 24 bytes per node kept, for the most recently used. */
export function openPrefixes(db: Db) {
  const pages = new Map<number, Page>()
  const readPage = prepareReadPage(db)
  let latest: { readonly index: number; readonly page: Page } | null = null

  function pageOf(node: number): Page {
    const index = Math.floor(node / SIZE)
    if (latest !== null && latest.index === index && node <= latest.page.last) return latest.page
    const known = pages.get(index)
    const page = known !== undefined && node <= known.last ? known : readPage(index)
    if (page !== known) {
      if (pages.size >= MOST_PAGES) for (const oldest of pages.keys()) if (pages.delete(oldest)) break
      pages.set(index, page)
    }
    latest = { index, page }
    return page
  }

  /** Parent of a node; 0 for a root. */
  const parent = (node: number) => pageOf(node).parents[node % SIZE] ?? 0
  return {
    parent,
    refTokens: (node: number) => pageOf(node).tokens[node % SIZE] ?? 0,
    digest(node: number) {
      const { digests, unusual } = pageOf(node)
      const place = node % SIZE
      const other = unusual.get(node)
      return other === undefined ? digests.toString('hex', place * WIDTH, (place + 1) * WIDTH) : unpackDigest(other)
    },
    /** Nodes from the root to the leaf. */
    chain(leaf: number | null) {
      const nodes: number[] = []
      for (let node = leaf ?? 0; node > 0; node = parent(node)) nodes.push(node)
      return nodes.reverse()
    },
  }
}

type Columns = readonly [first: number, last: number, count: number, plain: number, parents: string, tokens: string, digests: Buffer]

function prepareReadPage(db: Db): (index: number) => Page {
  const columns = db
    .prepare<[number, number], Columns>(
      `SELECT min(id), max(id), count(*), sum(typeof(digest) = 'blob' AND length(digest) = ${WIDTH}),
         group_concat(coalesce(parent, 0)), group_concat(ref_tokens), CAST(group_concat(digest, '') AS BLOB)
       FROM (SELECT id, parent, ref_tokens, digest FROM prefix WHERE id >= ? AND id < ? ORDER BY id)`,
    )
    .raw()
  const numbers = db.prepare<[number, number], number>('SELECT id FROM prefix WHERE id >= ? AND id < ? ORDER BY id').pluck()
  const one = db.prepare<[number], Buffer | string>('SELECT digest FROM prefix WHERE id = ?').pluck()

  return (index) => {
    const range = [index * SIZE, (index + 1) * SIZE] as const
    const [first, last, count, plain, above, counts, bytes] = columns.get(...range)!
    const page = { parents: new Uint32Array(SIZE), tokens: new Uint32Array(SIZE), digests: Buffer.alloc(SIZE * WIDTH) }
    const unusual = new Map<number, Buffer | string>()
    if (count === 0) return { ...page, last: 0, unusual }
    // Numbers are asked for only where pruning has left gaps.
    const nodes = last - first + 1 === count ? null : numbers.all(...range)
    const parents = readNumbers(above, new Uint32Array(count))
    const tokens = readNumbers(counts, new Uint32Array(count))
    for (let i = 0; i < count; i++) {
      const node = nodes === null ? first + i : nodes[i]!
      const place = node % SIZE
      page.parents[place] = parents[i]!
      page.tokens[place] = tokens[i]!
      if (plain !== count) unusual.set(node, one.get(node) ?? '')
      else if (nodes !== null) bytes.copy(page.digests, place * WIDTH, i * WIDTH, (i + 1) * WIDTH)
    }
    if (plain === count && nodes === null) bytes.copy(page.digests, (first % SIZE) * WIDTH)
    return { ...page, last, unusual }
  }
}

const COMMA = 44
const ZERO = 48

/** Whole numbers between commas, digit by digit: splitting would create a string for each. */
function readNumbers(text: string, into: Uint32Array): Uint32Array {
  let value = 0
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === COMMA) {
      into[at++] = value
      value = 0
    } else value = value * 10 + code - ZERO
  }
  into[at] = value
  return into
}
