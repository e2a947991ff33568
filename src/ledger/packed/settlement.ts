import { COUNT, COUNT_OR_NULL, listOf, MS, type Packed, type Packing, rowOf, TEXT } from './packing.js'
import { type Reader, readCount, readMs } from './reader.js'
import type { Writer } from './writer.js'

/** Milliseconds from another moment. */
const APART: Packing<number> = { write: MS.write, read: (r) => readMs(r) ?? 0 }

/** Names and model revisions by number, `splices` and `losses` as JSON text. */
const ATTEMPT = rowOf({
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
})

/** What a replay needs of how a call ended, as stored in the columns. */
const SETTLEMENT = rowOf({
  seq: COUNT,
  settledAt: COUNT,
  status: COUNT,
  model: COUNT_OR_NULL,
  costNano: COUNT_OR_NULL,
  baselineCostNano: COUNT_OR_NULL,
  ttftMs: MS,
  latencyMs: MS,
  attempts: listOf(ATTEMPT),
})

export type SettledAttempt = Readonly<Packed<typeof ATTEMPT>>
export type Settlement = Readonly<Packed<typeof SETTLEMENT>>

/** Begins with its own length, so that settlements can be read one after another. */
export function packSettlement(w: Writer, s: Settlement): Buffer {
  SETTLEMENT.write(w, { ...s, attempts: s.attempts.map((a) => ({ ...a, t0: a.t0 - s.settledAt })) })
  const body = w.take()
  w.count(body.length)
  w.bytes(body)
  return w.take()
}

/** Null for a call that has not ended. */
export function readSettlement(r: Reader): Settlement | null {
  if (readCount(r) === 0) return null
  const settlement = SETTLEMENT.read(r)
  for (const a of settlement.attempts) a.t0 = Math.round((settlement.settledAt + a.t0) * 1000) / 1000
  return settlement
}
