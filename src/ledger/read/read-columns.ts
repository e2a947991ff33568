import { ATTEMPT_COLUMNS } from '../attempts.js'
import type { Db } from '../database/native.js'
import type { HeadColumns } from '../packed/head.js'
import type { SettledAttempt, Settlement } from '../packed/settlement.js'

export interface StoredDecision extends HeadColumns {
  readonly signals: Buffer
  readonly input: Buffer
  readonly plan: Buffer
}

/** Reads from the columns what replays read in packed form: slower, but right whoever wrote them. */
export type ColumnReader = ReturnType<typeof prepareColumnReader>

export function prepareColumnReader(db: Db) {
  const decision = db.prepare<[number], StoredDecision>(
    `SELECT c.id, c.decided_at AS decidedAt, d.tz_min AS tzMin, c.run, c.source, c.session, c.turn, c.side_kind AS sideKind, c.client, c.key,
       c.tier, c.tags, c.mode, c.profile, c.requested_model AS requestedModel, c.chosen, c.baseline, c.rule, c.task, c.complexity,
       c.input_estimate AS estimate, c.stream, d.policy, d.classifier, d.prefix_leaf AS prefixLeaf, d.breakpoints,
       d.limit_tokens AS "limit", d.reservations, d.state_hash AS stateHash, d.signals, d.input, d.plan
     FROM call c JOIN decision d ON d.seq = c.seq WHERE c.seq = ?`,
  )
  const attempts = db.prepare<[number], SettledAttempt>(`SELECT ${ATTEMPT_COLUMNS} FROM attempt WHERE call = ? ORDER BY n`)
  const settlement = db.prepare<[number], Omit<Settlement, 'attempts'>>(
    `SELECT seq_settled AS seq, settled_at AS settledAt, status, model, cost_nano AS costNano, baseline_cost_nano AS baselineCostNano,
       ttft_ms AS ttftMs, latency_ms AS latencyMs FROM call WHERE seq = ? AND seq_settled IS NOT NULL`,
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
