import { Fault } from '../kit/index.js'
import type { Budgets } from './budgets.js'
import type { Names } from './names.js'
import type { Db } from './native.js'
import type { RollupEntry } from './rollups.js'
import type { AttemptRow, CallSettle } from './types.js'

export interface SettleCallParts {
  readonly names: Names
  readonly budgets: Budgets
  readonly nextSeq: () => number
  readonly writeAttempt: (call: number, attempt: AttemptRow) => void
  readonly addToRollup: (entry: RollupEntry) => void
}

interface OpenRow {
  readonly seq: number
  readonly seq_settled: number | null
  readonly decided_at: number
  readonly source: number | null
  readonly task: number
  readonly complexity: number
  readonly profile: number
  readonly rule: number | null
  readonly client: number
  readonly key: number | null
}

export interface SettleCall {
  settle(call: CallSettle): number
  /** Ends a call whose process is gone: its attempts stay as they are, its reservations are charged in full. */
  interrupt(id: string, atMs: number): void
}

/** Writes how a call ended: its attempts, the totals of its row, the sums of its hour, its budgets. Call inside a transaction. */
export function prepareSettleCall(db: Db, parts: SettleCallParts): SettleCall {
  const { names, budgets, nextSeq, writeAttempt, addToRollup } = parts
  const find = db.prepare<[string], OpenRow>(
    'SELECT seq, seq_settled, decided_at, source, task, complexity, profile, rule, client, key FROM call WHERE id = ?',
  )
  const finish = db.prepare(`UPDATE call SET
    seq_settled = ?, settled_at = ?, status = ?, model = ?, attempts = ?, input_tokens = ?, cache_read_tokens = ?,
    cache_write_tokens = ?, output_tokens = ?, reasoning_tokens = ?, cost_nano = ?, baseline_cost_nano = ?, shadow_cost_nano = ?,
    ttft_ms = ?, latency_ms = ?, http_status = ?, error = ? WHERE seq = ?`)

  function settle(call: CallSettle): number {
    const row = opened(find.get(call.id), call.id)
    if (row.seq_settled !== null) return row.seq_settled
    for (const attempt of call.attempts) writeAttempt(row.seq, attempt)
    const seq = nextSeq()
    const own = call.attempts.filter((a) => a.purpose !== 'shadow')
    const served = own.filter((a) => a.purpose === 'serve')
    const t = tokenTotals(own)
    const shadow = shadowCost(call.attempts)
    const model = names.idOrNull(call.model)
    finish.run(
      ...[seq, call.settledAtMs, names.id(call.status), model, served.length, t.input, t.cacheRead, t.cacheWrite, t.output],
      ...[t.reasoning, call.costNano, call.baselineCostNano, shadow, call.ttftMs, call.latencyMs, call.httpStatus, call.error, row.seq],
    )
    budgets.settle(row.seq, call.costNano ?? 0)
    addToRollup({
      decidedAtMs: row.decided_at,
      dimensions: { ...dimensionsOf(row), model: model ?? 0 },
      status: call.status,
      attempts: served.length,
      failovers: served.slice(0, -1).filter((a) => a.outcome !== 'ok').length,
      costNano: call.costNano,
      shadowCostNano: shadow ?? 0,
      baselineCostNano: call.baselineCostNano,
      inputTokens: t.input ?? 0,
      cacheReadTokens: t.cacheRead ?? 0,
      cacheWriteTokens: t.cacheWrite ?? 0,
      outputTokens: t.output ?? 0,
      reasoningTokens: t.reasoning ?? 0,
      latencyMs: call.latencyMs,
      ttftMs: call.ttftMs,
    })
    return seq
  }

  function interrupt(id: string, atMs: number): void {
    const row = opened(find.get(id), id)
    if (row.seq_settled !== null) return
    const none = [null, null, null, null, null]
    finish.run(
      nextSeq(),
      atMs,
      names.id('interrupted'),
      null,
      0,
      ...none,
      ...none,
      null,
      null,
      'the process ended before the call did',
      row.seq,
    )
    budgets.settle(row.seq, null)
    addToRollup({ ...NOTHING, decidedAtMs: row.decided_at, dimensions: { ...dimensionsOf(row), model: 0 }, status: 'interrupted' })
  }

  return { settle, interrupt }
}

const NOTHING = {
  attempts: 0,
  failovers: 0,
  costNano: null,
  shadowCostNano: 0,
  baselineCostNano: null,
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  latencyMs: null,
  ttftMs: null,
} as const

function opened(row: OpenRow | undefined, id: string): OpenRow {
  if (row !== undefined) return row
  throw new Fault('E_NOT_FOUND', `call ${id} was never opened`, { hint: 'A call is settled in the ledger that it was opened in.' })
}

function dimensionsOf(row: OpenRow) {
  const { task, complexity, profile, client } = row
  return { source: row.source ?? 0, task, complexity, profile, rule: row.rule ?? 0, client, key: row.key ?? 0 }
}

/** Sums per kind; null where no attempt reported that kind. */
function tokenTotals(attempts: readonly AttemptRow[]) {
  const sum = (of: (a: AttemptRow) => number | null) => {
    let total: number | null = null
    for (const a of attempts) {
      const value = of(a)
      if (value !== null) total = (total ?? 0) + value
    }
    return total
  }
  return {
    input: sum((a) => a.inputTokens),
    cacheRead: sum((a) => a.cacheReadTokens),
    cacheWrite: sum((a) =>
      a.cacheWrite5mTokens === null && a.cacheWrite1hTokens === null ? null : (a.cacheWrite5mTokens ?? 0) + (a.cacheWrite1hTokens ?? 0),
    ),
    output: sum((a) => a.outputTokens),
    reasoning: sum((a) => a.reasoningTokens),
  }
}

function shadowCost(attempts: readonly AttemptRow[]): number | null {
  let total: number | null = null
  for (const a of attempts) if (a.purpose === 'shadow' && a.costNano !== null) total = (total ?? 0) + a.costNano
  return total
}
