import { COUNT, COUNT_OR_NULL, type Packed, type Packing, rowOf, SIGNED, TEXT } from './packing.js'
import { readCount, readText } from './reader.js'

const ID: Packing<string> = { write: TEXT.write, read: (r) => readText(r) ?? '' }

/** A digest as stored: bytes, or the text of one that is no hex. */
const DIGEST: Packing<Buffer | string> = {
  write(w, digest) {
    if (typeof digest === 'string') {
      w.count(0)
      w.text(digest)
    } else {
      w.count(digest.length + 1)
      w.bytes(digest)
    }
  },
  read(r) {
    const length = readCount(r)
    if (length === 0) return readText(r) ?? ''
    const start = r.at
    r.at += length - 1
    return r.bytes.subarray(start, r.at)
  },
}

export type Head = Readonly<Packed<typeof HEAD>>

/** What a replay needs of a decision besides its blobs, as stored in the columns: numbers of names, JSON text for lists. */
export const HEAD = rowOf({
  id: ID,
  decidedAt: COUNT,
  tzMin: SIGNED,
  run: COUNT_OR_NULL,
  source: COUNT_OR_NULL,
  session: COUNT_OR_NULL,
  turn: COUNT,
  sideKind: COUNT_OR_NULL,
  client: COUNT,
  key: COUNT_OR_NULL,
  tier: COUNT_OR_NULL,
  tags: TEXT,
  mode: COUNT,
  profile: COUNT,
  requestedModel: COUNT,
  chosen: COUNT_OR_NULL,
  baseline: COUNT_OR_NULL,
  rule: COUNT_OR_NULL,
  task: COUNT,
  complexity: COUNT,
  estimate: COUNT,
  stream: COUNT,
  policy: COUNT,
  classifier: COUNT,
  prefixLeaf: COUNT_OR_NULL,
  breakpoints: TEXT,
  limit: COUNT_OR_NULL,
  reservations: TEXT,
  stateHash: DIGEST,
  // Bytes of the three blobs.
  signals: COUNT,
  input: COUNT,
  plan: COUNT,
})
