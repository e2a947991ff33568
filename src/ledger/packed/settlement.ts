import { COUNT, getVarint, type Packed, type Packing, pack, packedList, packedRow, type Source } from '../../kit/index.js'
import { COUNT_OR_NULL, MS, TEXT } from './kinds.js'

/** Milliseconds from another moment. */
const APART: Packing<number> = { write: MS.write, read: (source) => MS.read(source) ?? 0 }

/** Names and model revisions by number, `splices` and `losses` as JSON text. */
const ATTEMPT_PACKINGS = {
  n: COUNT,
  purpose: COUNT,
  model: COUNT,
  modelRev: COUNT,
  t0: APART,
  sentMs: MS,
  firstByteMs: MS,
  endMs: MS,
  outcome: COUNT,
  status: COUNT_OR_NULL,
  errorCode: TEXT,
  retryAfterMs: MS,
  inputTokens: COUNT_OR_NULL,
  cacheReadTokens: COUNT_OR_NULL,
  cacheWrite5mTokens: COUNT_OR_NULL,
  cacheWrite1hTokens: COUNT_OR_NULL,
  outputTokens: COUNT_OR_NULL,
  reasoningTokens: COUNT_OR_NULL,
  usageSource: COUNT,
  costNano: COUNT_OR_NULL,
  billed: COUNT,
  splices: TEXT,
  losses: TEXT,
}
const ATTEMPT = packedRow(ATTEMPT_PACKINGS)

/** Named for the declarations of the build, which make each of its fields `any` otherwise. */
interface Attempt extends Packed<typeof ATTEMPT> {}
export const ATTEMPT_FIELDS = Object.keys(ATTEMPT_PACKINGS) as (keyof Attempt)[]

/** What a replay needs of how a call ended, as stored in the columns. */
const END_PACKINGS = {
  seq: COUNT,
  settledAt: COUNT,
  status: COUNT,
  model: COUNT_OR_NULL,
  costNano: COUNT_OR_NULL,
  baselineCostNano: COUNT_OR_NULL,
  ttftMs: MS,
  latencyMs: MS,
}
export const END_FIELDS = Object.keys(END_PACKINGS)
const SETTLEMENT = packedRow({ ...END_PACKINGS, attempts: packedList<Attempt>(ATTEMPT) })

export interface SettledAttempt extends Readonly<Attempt> {}
export type Settlement = Readonly<Packed<typeof SETTLEMENT>>

/** Begins with its own length, so that settlements can be read one after another. */
export function packSettlement(s: Settlement): Buffer {
  const body = pack(SETTLEMENT, { ...s, attempts: s.attempts.map((a) => ({ ...a, t0: a.t0 - s.settledAt })) })
  return Buffer.concat([pack(COUNT, body.length), body])
}

/** Null for a call that has not ended. */
export function readSettlement(source: Source): Settlement | null {
  if (getVarint(source) === 0) return null
  const settlement = SETTLEMENT.read(source)
  for (const a of settlement.attempts) a.t0 = Math.round((settlement.settledAt + a.t0) * 1000) / 1000
  return settlement
}
