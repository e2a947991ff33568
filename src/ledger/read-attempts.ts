import { parseList } from './list-calls.js'
import type { Names } from './names.js'
import type { Once } from './once.js'
import type { AttemptOutcome, AttemptPurpose, AttemptRow } from './types.js'

/** Columns in the order that `attemptFromRow` reads them. */
export const ATTEMPT_COLUMNS = `a.seq, a.call, a.n, a.purpose, a.model, a.model_rev, a.t0, a.sent_ms, a.first_byte_ms, a.end_ms, a.outcome, a.status,
  a.error_code, a.retry_after_ms, a.input_tokens, a.cache_read_tokens, a.cache_write_5m_tokens, a.cache_write_1h_tokens,
  a.output_tokens, a.reasoning_tokens, a.usage_source, a.cost_nano, a.billed, a.splices, a.losses`

type Count = number | null
/** One row of `ATTEMPT_COLUMNS`; numbers of names where a word is meant. */
export type AttemptTuple = readonly [
  ...[seq: number, call: number, n: number, purpose: number, model: number, modelRev: number, t0: number, sent: Count, firstByte: Count],
  ...[end: Count, outcome: number, status: Count, errorCode: string | null, retryAfter: Count, input: Count, cacheRead: Count],
  ...[cacheWrite5m: Count, cacheWrite1h: Count, output: Count, reasoning: Count, usageSource: number, cost: Count, billed: number],
  ...[splices: string | null, losses: string | null],
]

export function attemptFromRow(r: AttemptTuple, names: Names, modelRevs: Once): AttemptRow {
  const { text } = names
  return {
    n: r[2],
    purpose: text(r[3]) as AttemptPurpose,
    model: text(r[4]),
    modelRev: modelRevs.hash(r[5]),
    t0: r[6],
    sentMs: r[7],
    firstByteMs: r[8],
    endMs: r[9],
    outcome: text(r[10]) as AttemptOutcome,
    status: r[11],
    errorCode: r[12],
    retryAfterMs: r[13],
    inputTokens: r[14],
    cacheReadTokens: r[15],
    cacheWrite5mTokens: r[16],
    cacheWrite1hTokens: r[17],
    outputTokens: r[18],
    reasoningTokens: r[19],
    usageSource: text(r[20]) as AttemptRow['usageSource'],
    costNano: r[21],
    billed: text(r[22]) as AttemptRow['billed'],
    splices: parseList(r[23]),
    losses: parseList(r[24]),
  }
}
