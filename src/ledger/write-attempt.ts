import type { Db } from './native.js'
import type { SettledAttempt } from './packed/settlement.js'

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
