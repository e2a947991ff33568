import type { Names } from './names.js'
import type { Db } from './native.js'
import type { Once } from './once.js'
import { jsonOrNull } from './open-call.js'
import type { AttemptRow } from './types.js'

/** Writes an attempt of a call, or replaces the one with the same `n`. Call inside a transaction. */
export function prepareWriteAttempt(
  db: Db,
  parts: { readonly names: Names; readonly modelRevs: Once; readonly nextSeq: () => number },
): (call: number, attempt: AttemptRow) => void {
  const { names, modelRevs, nextSeq } = parts
  const columns = [
    ...['purpose', 'model', 'model_rev', 't0', 'sent_ms', 'first_byte_ms', 'end_ms', 'outcome', 'status', 'error_code'],
    ...['retry_after_ms', 'input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'output_tokens'],
    ...['reasoning_tokens', 'usage_source', 'cost_nano', 'billed', 'splices', 'losses'],
  ]
  const find = db.prepare<[number, number], number>('SELECT seq FROM attempt WHERE call = ? AND n = ?').pluck()
  const insert = db.prepare(
    `INSERT INTO attempt(seq, call, n, ${columns.join(', ')}) VALUES (?, ?, ?, ${columns.map(() => '?').join(', ')})`,
  )
  const update = db.prepare(`UPDATE attempt SET ${columns.map((c) => `${c} = ?`).join(', ')} WHERE seq = ?`)

  return (call, a) => {
    const values = [
      ...[names.id(a.purpose), names.id(a.model), modelRevs.number(a.modelRev), a.t0, a.sentMs, a.firstByteMs, a.endMs],
      ...[names.id(a.outcome), a.status, a.errorCode, a.retryAfterMs, a.inputTokens, a.cacheReadTokens, a.cacheWrite5mTokens],
      ...[a.cacheWrite1hTokens, a.outputTokens, a.reasoningTokens, names.id(a.usageSource), a.costNano, names.id(a.billed)],
      ...[jsonOrNull(a.splices), jsonOrNull(a.losses)],
    ]
    const seq = find.get(call, a.n)
    if (seq === undefined) insert.run(nextSeq(), call, a.n, ...values)
    else update.run(...values, seq)
  }
}
