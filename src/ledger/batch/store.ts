import { columnOf } from '../columns.js'
import type { Db, OpenNative } from '../database/native.js'
import { tryLock } from '../database/run-lock.js'
import type { Writes } from '../write/ledger-writes.js'
import { prepareBatchReads } from './read.js'
import { type BatchStore, LINE_STATES } from './rows.js'

interface BatchParts {
  readonly path: string
  readonly open: OpenNative
  /** Runs in a transaction. */
  readonly write: <T>(work: () => T) => Promise<T>
  /** Steps that share the transaction of a line's change. */
  readonly within: Writes['within']
}

const NOTHING = new Uint8Array()

export function prepareBatchStore(db: Db, parts: BatchParts): BatchStore {
  const { write, within } = parts
  const insertJob = db.prepare('INSERT INTO batch_job(id, created_at, deadline_at, total, terms) VALUES (?, ?, ?, ?, ?)')
  const insertLine = db.prepare('INSERT INTO batch_line(job, n, call, spec, request, state) VALUES (?, ?, ?, ?, ?, 0)')
  const decide = db.prepare('UPDATE batch_line SET state = 1, chain = ?, step = 0 WHERE call = ? AND state = 0')
  const end = db.prepare(
    `UPDATE batch_line SET state = ?, answer = ?, status = ?, model = ?, cost_nano = ?, sent = NULL, request = x'',
     asked_at = NULL, interrupted = interrupted + ?
     WHERE call = ? AND state < 3`,
  )
  const retry = db.prepare(
    `UPDATE batch_line SET state = 1, step = ?, live = ?, sent = NULL, tries = tries + ?, asked_at = NULL, interrupted = interrupted + ?
     WHERE call = ? AND state IN (1, 2)`,
  )
  const ask = db.prepare('UPDATE batch_line SET asked_at = ?, step = ? WHERE call = ? AND state = 1 AND asked_at IS NULL')
  const insertSent = db.prepare('INSERT INTO batch_sent(id, job, model, format, lines, made_at) VALUES (?, ?, ?, ?, ?, ?)')
  const send = db.prepare('UPDATE batch_line SET state = 2, sent = ? WHERE call = ? AND state = 1')
  const removeLines = db.prepare('DELETE FROM batch_line WHERE job = ?')
  const removeSent = db.prepare('DELETE FROM batch_sent WHERE job = ?')
  const removeJob = db.prepare('DELETE FROM batch_job WHERE id = ?')
  const insertFile = db.prepare('INSERT INTO batch_file(id, created_at, key, name, purpose, content) VALUES (?, ?, ?, ?, ?, ?)')
  const removeFile = db.prepare('DELETE FROM batch_file WHERE id = ?')

  function change(table: 'batch_sent' | 'batch_job', id: string, changes: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(changes))
      db.prepare(`UPDATE ${table} SET ${columnOf(name)} = ? WHERE id = ?`).run(Array.isArray(value) ? JSON.stringify(value) : value, id)
  }

  return {
    ...prepareBatchReads(db),
    claim: () => tryLock(parts.open, `${parts.path}.batch-lock`),
    addJob: ({ id, createdAt, deadlineAt, terms }, lines) =>
      write(() => {
        insertJob.run(id, createdAt, deadlineAt, lines.length, terms)
        for (const [n, line] of lines.entries()) insertLine.run(id, n, line.call, line.spec, line.request)
      }),
    decide: (call, chain) =>
      write(() => {
        if (decide.run(JSON.stringify(chain), call.id).changes > 0) within.open(call)
      }),
    end: ({ call, state, answer, status, model, costNano, settle, interrupted }) =>
      write(() => {
        if (end.run(LINE_STATES.indexOf(state), answer, status, model, costNano, Number(interrupted === true), call).changes === 0)
          return false
        if (settle !== null) within.settle(settle)
        return true
      }),
    ask: (call, { atMs, step }) => write(() => ask.run(atMs, step, call).changes > 0),
    retry: ({ call, step, live, attempt, interrupted }) =>
      write(() => {
        const tried = retry.run(step, Number(live), attempt === null ? 0 : 1, Number(interrupted === true), call).changes > 0
        if (tried && attempt !== null) within.attempt(call, attempt)
      }),
    group: ({ id, job, model, format, madeAt }, calls) =>
      write(() => {
        insertSent.run(id, job, model, format, calls.length, madeAt)
        for (const call of calls) send.run(id, call)
      }),
    mark: (id, changes) => write(() => change('batch_sent', id, changes)),
    markJob: (id, changes) => write(() => change('batch_job', id, changes)),
    removeJob: (id) =>
      write(() => {
        removeLines.run(id)
        removeSent.run(id)
        removeJob.run(id)
      }),
    addFile: ({ id, createdAt, key, name, purpose }, content) =>
      write(() => {
        insertFile.run(id, createdAt, key, name, purpose, content.length === 0 ? NOTHING : content)
      }),
    removeFile: (id) => write(() => removeFile.run(id).changes > 0),
  }
}
