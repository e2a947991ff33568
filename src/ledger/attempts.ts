import { wholeMicroseconds } from '../kit/index.js'
import type { Db } from './database/native.js'
import type { JsonByHash } from './json-by-hash.js'
import { jsonOrNull, parseList } from './lists.js'
import type { Names } from './names.js'
import type { SettledAttempt } from './packed/settlement.js'
import type { AttemptOutcome, AttemptPurpose, AttemptRow } from './types.js'

/** Columns under the names of a packed attempt, so that both come to the same rows. */
export const ATTEMPT_COLUMNS = `a.n, a.purpose, a.model, a.model_rev AS modelRev, a.t0, a.sent_ms AS sentMs, a.first_byte_ms AS firstByteMs,
  a.end_ms AS endMs, a.outcome, a.status, a.error_code AS errorCode, a.retry_after_ms AS retryAfterMs, a.input_tokens AS inputTokens,
  a.cache_read_tokens AS cacheReadTokens, a.cache_write_5m_tokens AS cacheWrite5mTokens, a.cache_write_1h_tokens AS cacheWrite1hTokens,
  a.output_tokens AS outputTokens, a.reasoning_tokens AS reasoningTokens, a.usage_source AS usageSource, a.cost_nano AS costNano,
  a.billed, a.splices, a.losses`

export function attemptOf(a: SettledAttempt, names: Names, modelRevs: JsonByHash): AttemptRow {
  return {
    ...a,
    purpose: names.text(a.purpose) as AttemptPurpose,
    model: names.text(a.model),
    modelRev: modelRevs.hash(a.modelRev),
    outcome: names.text(a.outcome) as AttemptOutcome,
    usageSource: names.text(a.usageSource) as AttemptRow['usageSource'],
    billed: names.text(a.billed) as AttemptRow['billed'],
    splices: parseList(a.splices),
    losses: parseList(a.losses),
  }
}

/** The other way: numbers for words. Call inside a transaction. */
export function packableAttempt(a: AttemptRow, names: Names, modelRevs: JsonByHash): SettledAttempt {
  return {
    ...a,
    purpose: names.id(a.purpose),
    model: names.id(a.model),
    modelRev: modelRevs.number(a.modelRev),
    t0: wholeMicroseconds(a.t0),
    sentMs: wholeMicroseconds(a.sentMs),
    firstByteMs: wholeMicroseconds(a.firstByteMs),
    endMs: wholeMicroseconds(a.endMs),
    retryAfterMs: wholeMicroseconds(a.retryAfterMs),
    outcome: names.id(a.outcome),
    usageSource: names.id(a.usageSource),
    billed: names.id(a.billed),
    splices: jsonOrNull(a.splices),
    losses: jsonOrNull(a.losses),
  }
}

/** Writes an attempt of a call, or replaces the one with the same `n`. Call inside a transaction. */
export function prepareWriteAttempt(db: Db): (call: number, attempt: SettledAttempt) => void {
  const insert = db.prepare(`INSERT OR REPLACE INTO attempt(
    call, n, purpose, model, model_rev, t0, sent_ms, first_byte_ms, end_ms, outcome, status, error_code, retry_after_ms,
    input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens, usage_source,
    cost_nano, billed, splices, losses) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  return (call, a) => {
    insert.run(
      ...[call, a.n, a.purpose, a.model, a.modelRev, a.t0, a.sentMs, a.firstByteMs, a.endMs, a.outcome, a.status, a.errorCode],
      ...[a.retryAfterMs, a.inputTokens, a.cacheReadTokens, a.cacheWrite5mTokens, a.cacheWrite1hTokens, a.outputTokens],
      ...[a.reasoningTokens, a.usageSource, a.costNano, a.billed, a.splices, a.losses],
    )
  }
}
