import { COUNT, type Packed, type Packing, packedRow } from '../../kit/index.js'
import { BYTES, COUNT_OR_NULL, SIGNED, TEXT } from './kinds.js'

const ID: Packing<string> = { write: TEXT.write, read: (source) => TEXT.read(source) ?? '' }

/** A digest as stored: bytes, or the text of one that is no hex. */
const DIGEST: Packing<Buffer | string> = {
  write(sink, digest) {
    if (typeof digest !== 'string') return BYTES.write(sink, digest)
    BYTES.write(sink, null)
    TEXT.write(sink, digest)
  },
  read: (source) => BYTES.read(source) ?? ID.read(source),
}

/** What a replay needs of a decision besides its blobs, as stored in the columns: numbers of names, JSON text for lists. */
const HEAD_PACKINGS = {
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
}
export const HEAD = packedRow(HEAD_PACKINGS)

export type Head = Readonly<Packed<typeof HEAD>>
/** The same without the lengths of the blobs. */
export type HeadColumns = Omit<Head, 'signals' | 'input' | 'plan'>
export const HEAD_FIELDS = Object.keys(HEAD_PACKINGS) as (keyof Head)[]
