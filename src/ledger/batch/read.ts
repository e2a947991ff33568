import type { Db } from '../database/native.js'
import type { BatchFileRow, BatchJobRow, BatchLineRow, BatchSentRow, BatchStore, LineState } from './rows.js'
import { LINE_STATES } from './rows.js'

const JOB = 'id, created_at AS createdAt, deadline_at AS deadlineAt, total, terms, cancelled_at AS cancelledAt, ended_at AS endedAt'
const LINE = `job, n, call, spec, request, state, chain, step, tries, live, sent, asked_at AS askedAt, interrupted, answer, status, model,
  cost_nano AS costNano`
const SENT = `id, job, model, format, lines, made_at AS madeAt, asked_at AS askedAt, tries, remote, not_ours AS notOurs,
  cancelled_at AS cancelledAt, ended_at AS endedAt`
const FILE = 'id, created_at AS createdAt, key, name, purpose, length(content) AS bytes'

type StoredLine = Omit<BatchLineRow, 'state' | 'live'> & { readonly state: number; readonly live: number }
type StoredSent = Omit<BatchSentRow, 'notOurs'> & { readonly notOurs: string }

export function prepareBatchReads(db: Db) {
  const job = db.prepare<[string], BatchJobRow>(`SELECT ${JOB} FROM batch_job WHERE id = ?`)
  const jobs = db.prepare<[number], BatchJobRow>(`SELECT ${JOB} FROM batch_job ORDER BY created_at DESC, id DESC LIMIT ?`)
  const open = db.prepare<[number], BatchJobRow>(
    `SELECT ${JOB} FROM batch_job WHERE ended_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ?`,
  )
  const counts = db.prepare<[string], { state: number; n: number }>(
    'SELECT state, count(*) AS n FROM batch_line WHERE job = ? GROUP BY state',
  )
  const cost = db.prepare<[string], { cost: number; unpriced: number }>(
    'SELECT coalesce(sum(cost_nano), 0) AS cost, coalesce(sum(state = 3 AND cost_nano IS NULL), 0) AS unpriced FROM batch_line WHERE job = ?',
  )
  const all = db.prepare<[string, number, number], StoredLine>(`SELECT ${LINE} FROM batch_line WHERE job = ? AND n > ? ORDER BY n LIMIT ?`)
  const inState = db.prepare<[string, number, number, number], StoredLine>(
    `SELECT ${LINE} FROM batch_line WHERE job = ? AND state = ? AND n > ? ORDER BY n LIMIT ?`,
  )
  const ofSent = db.prepare<[string], StoredLine>(`SELECT ${LINE} FROM batch_line WHERE sent = ? AND state = 2 ORDER BY n`)
  const asked = db.prepare<[string], StoredLine>(
    `SELECT ${LINE} FROM batch_line WHERE job = ? AND asked_at IS NOT NULL AND state = 1 ORDER BY n`,
  )
  const interrupted = db.prepare<[string], number>('SELECT coalesce(sum(interrupted), 0) FROM batch_line WHERE job = ?').pluck()
  const sent = db.prepare<[string], StoredSent>(`SELECT ${SENT} FROM batch_sent WHERE job = ? AND ended_at IS NULL ORDER BY made_at, id`)
  const remotes = db.prepare<[], string>('SELECT remote FROM batch_sent WHERE remote IS NOT NULL').pluck()
  const file = db.prepare<[string], BatchFileRow>(`SELECT ${FILE} FROM batch_file WHERE id = ?`)
  const files = db.prepare<[], BatchFileRow>(`SELECT ${FILE} FROM batch_file ORDER BY created_at DESC, id DESC LIMIT 10000`)
  const content = db.prepare<[string], Uint8Array>('SELECT content FROM batch_file WHERE id = ?').pluck()

  return {
    job: (id) => job.get(id) ?? null,
    jobs: ({ open: onlyOpen = false, limit = 10_000 } = {}) => (onlyOpen ? open : jobs).all(limit),
    counts(id) {
      const found = Object.fromEntries(LINE_STATES.map((state) => [state, 0])) as Record<LineState, number>
      for (const { state, n } of counts.all(id)) found[stateOf(state)] = n
      return found
    },
    cost(id) {
      const row = cost.get(id)
      return row === undefined || row.unpriced > 0 ? null : row.cost
    },
    lines: (id, { state, after = -1, limit }) =>
      (state === undefined ? all.all(id, after, limit) : inState.all(id, LINE_STATES.indexOf(state), after, limit)).map(lineOf),
    linesOf: (id) => ofSent.all(id).map(lineOf),
    asked: (id) => asked.all(id).map(lineOf),
    interrupted: (id) => interrupted.get(id) ?? 0,
    sent: (id) => sent.all(id).map((row) => ({ ...row, notOurs: JSON.parse(row.notOurs) as string[] })),
    remotes: () => new Set(remotes.all()),
    file: (id) => file.get(id) ?? null,
    files: () => files.all(),
    fileContent: (id) => content.get(id) ?? null,
  } satisfies Partial<BatchStore>
}

function stateOf(state: number): LineState {
  return LINE_STATES[state] ?? 'failed'
}

function lineOf(row: StoredLine): BatchLineRow {
  return { ...row, state: stateOf(row.state), live: row.live === 1 }
}
