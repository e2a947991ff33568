import { Fault, wholeMicroseconds } from '../../kit/index.js'
import { packableAttempt, prepareWriteAttempt } from '../attempts.js'
import type { Db } from '../database/native.js'
import { packSettlement, type SettledAttempt } from '../packed/settlement.js'
import type { Tables } from '../tables.js'
import type { AttemptRow, CallSettle } from '../types.js'
import type { OpenedHere, OpenRow } from './in-flight.js'
import { DIMENSIONS, type RollupEntry } from './rollups.js'
import { type AttemptSums, sumAttempts } from './sum-attempts.js'

/** Columns of a call's row that its end fills. */
export const END_COLUMNS = [
  ...['seq_settled', 'settled_at', 'status', 'model', 'attempts', 'input_tokens', 'cache_read_tokens', 'cache_write_tokens'],
  ...['output_tokens', 'reasoning_tokens', 'cost_nano', 'baseline_cost_nano', 'shadow_cost_nano', 'ttft_ms', 'latency_ms'],
  ...['http_status', 'error', 'settled'],
] as const

type EndColumns = readonly (number | string | Buffer | null)[]

/** Number of the name `running`. */
const RUNNING = 1

/** Their values until then. */
export const NOT_ENDED: EndColumns = [...[null, null, RUNNING, null, 0], ...Array<null>(12).fill(null), Buffer.of(0)]

/** How calls end. Call all of it inside a transaction. */
export type SettleCall = ReturnType<typeof prepareSettleCall>

export function prepareSettleCall(db: Db, { names, modelRevs, budgets, columns, inFlight, sequence, rollups }: Tables) {
  const writeAttempt = prepareWriteAttempt(db)
  const find = db.prepare<[string], OpenRow>(
    `SELECT seq, seq_settled AS seqSettled, decided_at AS decidedAt, ${DIMENSIONS.map((name) => `coalesce(${name}, 0) AS ${name}`).join(', ')}
     FROM call WHERE id = ?`,
  )
  const finish = db.prepare(`UPDATE call SET ${END_COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE seq = ?`)
  const amend = db.prepare('UPDATE call SET shadow_cost_nano = ?, settled = ? WHERE seq = ?')

  /** Not with map(), whose lists change their kind once it is compiled: what reads them would be compiled a second time. */
  function packable(rows: readonly AttemptRow[]): SettledAttempt[] {
    const attempts: SettledAttempt[] = []
    for (const row of rows) attempts.push(packableAttempt(row, names, modelRevs))
    return attempts
  }

  /** Writes the attempts, the totals of the call's row, the sums of its hour and its budgets. */
  function settle(call: CallSettle): number {
    const here = inFlight.open(call.id)
    const row = here?.row ?? opened(call.id)
    if (row.seqSettled !== null) return row.seqSettled
    const given = packable(call.attempts)
    // Some may have been written as they happened.
    const earlier = here?.tried === false ? NONE : columns.attempts(row.seq).filter((a) => !given.some((b) => b.n === a.n))
    for (const attempt of given) writeAttempt(row.seq, attempt)
    const all = earlier.length === 0 ? given : [...earlier, ...given].sort((a, b) => a.n - b.n)
    const seq = end(row, all, { ...call, model: names.idOrNull(call.model) }, here?.row.reserved ?? true)
    inFlight.ended(call.id)
    return seq
  }

  /** Ends a call whose process is gone: its attempts stay unchanged, its reservations are charged in full. */
  function interrupt(id: string, atMs: number): void {
    const row = opened(id)
    if (row.seqSettled !== null) return
    end(row, columns.attempts(row.seq), { ...INTERRUPTED, settledAtMs: atMs }, true)
    inFlight.ended(id)
  }

  function end(row: OpenRow, attempts: readonly SettledAttempt[], call: Ending, reserved: boolean): number {
    const ending = endingOf(attempts, call)
    finish.run(...ending.columns, row.seq)
    addUp(row, call, ending.sums, reserved)
    return ending.seq
  }

  function endingOf(attempts: readonly SettledAttempt[], call: Ending): { seq: number; columns: EndColumns; sums: AttemptSums } {
    const sums = sumAttempts(attempts, names)
    const seq = sequence.next()
    const status = names.id(call.status)
    const ttftMs = wholeMicroseconds(call.ttftMs)
    const latencyMs = wholeMicroseconds(call.latencyMs)
    const { model, costNano, baselineCostNano, settledAtMs: settledAt } = call
    const packed = packSettlement({ seq, settledAt, status, model, costNano, baselineCostNano, ttftMs, latencyMs, attempts })
    const columns = [
      ...[seq, settledAt, status, model, sums.served, sums.inputTokens, sums.cacheReadTokens, sums.cacheWriteTokens],
      ...[sums.outputTokens, sums.reasoningTokens, costNano, baselineCostNano, sums.shadowCostNano, ttftMs, latencyMs],
      ...[call.httpStatus, call.error, packed],
    ]
    return { seq, columns, sums }
  }

  function addUp(row: OpenRow, call: Ending, sums: AttemptSums, reserved: boolean): void {
    if (reserved) budgets.settle(row.seq, call.status === 'interrupted' ? null : (call.costNano ?? 0))
    const { status, costNano, baselineCostNano, latencyMs, ttftMs } = call
    rollups.add({ dimensions: { ...row, model: call.model ?? 0 }, status, sums, costNano, baselineCostNano, latencyMs, ttftMs })
  }

  /** How a call ends that is just being opened: the columns for its row, and the writing of the rest. */
  function endOf(row: OpenedHere, call: CallSettle) {
    const attempts = packable(call.attempts)
    const ending = { ...call, model: names.idOrNull(call.model) }
    const { columns, sums } = endingOf(attempts, ending)
    return {
      columns,
      writeRest() {
        for (const attempt of attempts) writeAttempt(row.seq, attempt)
        addUp(row, ending, sums, row.reserved)
        inFlight.ended(call.id)
      },
    }
  }

  /** Writes one attempt, before the call ends or, for shadow attempts, after. */
  function attempt(id: string, given: AttemptRow): void {
    const here = inFlight.open(id)
    const row = here?.row ?? opened(id)
    writeAttempt(row.seq, packableAttempt(given, names, modelRevs))
    inFlight.tried(id)
    if (here !== null) return
    const settlement = columns.settlement(row.seq)
    if (settlement === null) return
    const { shadowCostNano } = sumAttempts(settlement.attempts, names)
    amend.run(shadowCostNano, packSettlement(settlement), row.seq)
    if (given.purpose === 'shadow') rollups.addShadow(row, given.costNano ?? 0)
  }

  function opened(id: string): OpenRow {
    const row = find.get(id)
    if (row !== undefined) return row
    throw new Fault('E_NOT_FOUND', `call ${id} was never opened`, { hint: 'A call is settled in the ledger that it was opened in.' })
  }

  return { settle, endOf, attempt, interrupt }
}

/** How a call ends; numbers of names where a word is meant. */
type Ending = Omit<CallSettle, 'id' | 'status' | 'model' | 'attempts' | 'httpStatus'> & {
  readonly status: RollupEntry['status']
  readonly model: number | null
  readonly httpStatus: number | null
}

const NONE: readonly SettledAttempt[] = []

const INTERRUPTED = {
  status: 'interrupted',
  model: null,
  costNano: null,
  baselineCostNano: null,
  ttftMs: null,
  latencyMs: null,
  error: 'the process ended before the call did',
  httpStatus: null,
} as const
