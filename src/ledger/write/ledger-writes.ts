import type { BodyWriter } from '../bodies/write-bodies.js'
import type { CommitQueue } from '../database/commit-queue.js'
import type { Db, OpenNative } from '../database/native.js'
import { explainSqliteError } from '../database/sqlite-errors.js'
import type { Tables } from '../tables.js'
import type { AttemptRow, CallOpen, CallSettle, EndedCall, OutcomeRow, StoredMessage } from '../types.js'
import { prepareOpenCall } from './open-call.js'
import { prepareRuns } from './runs.js'
import { prepareSettleCall } from './settle-call.js'

interface WriteParts {
  readonly path: string
  readonly open: OpenNative
  readonly queue: CommitQueue
  readonly bodies: BodyWriter | null
}

export type Writes = ReturnType<typeof prepareWrites>

/** Everything that adds to the ledger, each write in a transaction of the queue. */
export function prepareWrites(db: Db, tables: Tables, { path, open, queue, bodies }: WriteParts) {
  const { names, modelRevs, policies, sequence, requireSeq } = tables
  const settleCall = prepareSettleCall(db, tables)
  const runs = prepareRuns(db, { path, open, settleCall })
  const openCall = prepareOpenCall(db, { tables, settleCall, run: runs.current })
  const insertOutcome = db.prepare('INSERT INTO outcome(seq, call, kind, value, note, at) VALUES (?, ?, ?, ?, ?, ?)')
  const sameOutcome = db.prepare('SELECT 1 FROM outcome WHERE call = ? AND kind = ? AND at = ? AND value IS ?')

  /** Runs in a transaction; errors are explained. */
  function write<T>(work: () => T, when?: 'later'): Promise<T> {
    return explained(queue.run(work, when))
  }

  function explained<T>(written: Promise<T>): Promise<T> {
    return written.catch((error: unknown) => {
      throw explainSqliteError(error, path)
    })
  }

  function addOutcome(row: OutcomeRow): void {
    const call = requireSeq(row.call)
    const kind = names.id(row.kind)
    // A spool that is loaded twice repeats them.
    if (sameOutcome.get(call, kind, row.atMs, row.value) !== undefined) return
    insertOutcome.run(sequence.next(), call, kind, row.value, row.note ?? null, row.atMs)
  }

  return {
    runs,
    write,
    /** For writes that open or end a call together with something else. Call inside a transaction. */
    within: { open: openCall, settle: settleCall.settle, attempt: settleCall.attempt },
    // A caller that reserves money needs the result immediately.
    open: (call: CallOpen) => write(() => openCall(call), call.reservations.length === 0 ? 'later' : undefined),
    settle: (call: CallSettle) => write(() => settleCall.settle(call)),
    record: (calls: readonly EndedCall[]): Promise<void> => {
      const openAll = () => {
        for (const { open, settle } of calls) openCall(open, settle)
      }
      return explained(bodies === null ? queue.run(openAll) : bodies.record(calls, openAll))
    },
    attempt: (call: string, attempt: AttemptRow) => write(() => settleCall.attempt(call, attempt)),
    outcome: (row: OutcomeRow) => write(() => addOutcome(row)),
    remember: async (kind: 'policy' | 'model_rev', hash: string, json: string) => {
      await write(() => (kind === 'policy' ? policies : modelRevs).remember(hash, json))
    },
    bodies: (call: string, request: readonly StoredMessage[], reply: string | null) => bodies?.add(call, request, reply),
    interrupt(ids: readonly string[], atMs: number) {
      queue.now(() => {
        for (const id of ids) settleCall.interrupt(id, atMs)
      })
    },
  }
}
