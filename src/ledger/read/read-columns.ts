import { columnsAs } from '../columns.js'
import type { Db } from '../database/native.js'
import { HEAD_FIELDS, type HeadColumns } from '../packed/head.js'
import { ATTEMPT_FIELDS, END_FIELDS, type SettledAttempt, type Settlement } from '../packed/settlement.js'

export interface StoredDecision extends HeadColumns {
  readonly signals: Buffer
  readonly input: Buffer
  readonly plan: Buffer
}

/** Reads from the columns what replays read in packed form: slower, but right whoever wrote them. */
export type ColumnReader = ReturnType<typeof prepareColumnReader>

export function prepareColumnReader(db: Db) {
  // Where a head has the lengths of the blobs, their columns have the blobs themselves.
  const decision = db.prepare<[number], StoredDecision>(
    `SELECT ${columnsAs(HEAD_FIELDS, { estimate: 'input_estimate', limit: 'limit_tokens' })}
     FROM call c JOIN decision d ON d.seq = c.seq WHERE c.seq = ?`,
  )
  const attempts = db.prepare<[number], SettledAttempt>(`SELECT ${columnsAs(ATTEMPT_FIELDS)} FROM attempt WHERE call = ? ORDER BY n`)
  const settlement = db.prepare<[number], Omit<Settlement, 'attempts'>>(
    `SELECT ${columnsAs(END_FIELDS, { seq: 'seq_settled' })} FROM call WHERE seq = ? AND seq_settled IS NOT NULL`,
  )
  return {
    decision: (seq: number) => decision.get(seq) ?? null,
    attempts: (seq: number) => attempts.all(seq),
    /** Null while the call has not ended. */
    settlement(seq: number): Settlement | null {
      const row = settlement.get(seq)
      return row === undefined ? null : { ...row, attempts: attempts.all(seq) }
    },
  }
}
