import { Fault } from '../kit/index.js'
import type { Budgets } from './budgets.js'
import type { CommitQueue } from './commit-queue.js'
import type { InFlight } from './in-flight.js'
import type { Names } from './names.js'
import type { Db } from './native.js'
import type { Once } from './once.js'
import { prepareOpenCall } from './open-call.js'
import { explain } from './open-database.js'
import type { ColumnReader } from './read-columns.js'
import type { Rollups } from './rollups.js'
import type { OpenNative } from './run-lock.js'
import { prepareRuns, type Runs } from './runs.js'
import type { Sessions } from './sessions.js'
import { prepareSettleCall, type SettleCall } from './settle-call.js'
import type { CallOpen, EndedCall, LedgerWriter, OutcomeRow } from './types.js'
import { prepareWriteAttempt } from './write-attempt.js'
import type { BodyWriter } from './write-bodies.js'
import type { Prefixes } from './write-prefixes.js'

export interface WriteParts {
  readonly path: string
  readonly open: OpenNative
  readonly queue: CommitQueue
  readonly nextSeq: () => number
  readonly names: Names
  readonly sessions: Sessions
  readonly policies: Once
  readonly modelRevs: Once
  readonly columns: ColumnReader
  readonly budgets: Budgets
  readonly inFlight: InFlight
  readonly rollups: Rollups
  readonly prefixes: Prefixes
  readonly bodies: BodyWriter | null
}

export interface Writes extends LedgerWriter {
  record(calls: readonly EndedCall[]): Promise<void>
  readonly runs: Runs
  interrupt(ids: readonly string[], atMs: number): void
  /** Runs in a transaction, its failure in words. */
  write<T>(work: () => T): Promise<T>
  requireSeq(call: string): number
  /** For writes that open or end a call together with something else. Call inside a transaction. */
  readonly within: {
    readonly open: (call: CallOpen) => number
    readonly settle: SettleCall['settle']
    readonly attempt: SettleCall['attempt']
  }
}

/** Everything that adds to the ledger, each write in a transaction of the queue. */
export function prepareWrites(db: Db, parts: WriteParts): Writes {
  const { path, queue, nextSeq, names, modelRevs, policies, budgets, columns, inFlight, rollups } = parts
  const settleCall = prepareSettleCall(db, {
    ...{ names, modelRevs, budgets, columns, inFlight, nextSeq, rollups },
    writeAttempt: prepareWriteAttempt(db),
  })
  const runs = prepareRuns(db, { path, open: parts.open, settleCall })
  const openCall = prepareOpenCall(db, {
    names,
    sessions: parts.sessions,
    policies,
    budgets,
    inFlight,
    prefixes: parts.prefixes,
    settleCall,
    nextSeq,
    run: runs.current,
  })
  const seqOf = db.prepare<[string], number>('SELECT seq FROM call WHERE id = ?').pluck()
  const insertOutcome = db.prepare('INSERT INTO outcome(seq, call, kind, value, note, at) VALUES (?, ?, ?, ?, ?, ?)')
  const sameOutcome = db.prepare('SELECT 1 FROM outcome WHERE call = ? AND kind = ? AND at = ? AND value IS ?')

  function write<T>(work: () => T, when?: 'later'): Promise<T> {
    return queue.run(work, when).catch((error: unknown) => {
      throw explain(error, path)
    })
  }

  function requireSeq(call: string): number {
    const seq = seqOf.get(call)
    if (seq === undefined) throw new Fault('E_NOT_FOUND', `there is no call ${call}`, { hint: '`llmroute log` lists them.' })
    return seq
  }

  function addOutcome(row: OutcomeRow): void {
    const call = requireSeq(row.call)
    const kind = names.id(row.kind)
    // A spool that is loaded twice repeats them.
    if (sameOutcome.get(call, kind, row.atMs, row.value) !== undefined) return
    insertOutcome.run(nextSeq(), call, kind, row.value, row.note ?? null, row.atMs)
  }

  return {
    runs,
    write,
    requireSeq,
    within: { open: openCall, settle: settleCall.settle, attempt: settleCall.attempt },
    // Whoever reserves money wants to know at once.
    open: (call) => write(() => openCall(call), call.reservations.length === 0 ? 'later' : undefined),
    settle: (call) => write(() => settleCall.settle(call)),
    record: (calls) =>
      write(() => {
        for (const { open, settle } of calls) openCall(open, settle)
      }),
    attempt: (call, attempt) => write(() => settleCall.attempt(call, attempt)),
    outcome: (row) => write(() => addOutcome(row)),
    remember: async (kind, hash, json) => {
      await write(() => (kind === 'policy' ? policies : modelRevs).remember(hash, json))
    },
    bodies: (call, request, reply) => parts.bodies?.add(call, request, reply),
    interrupt(ids, atMs) {
      queue.now(() => {
        for (const id of ids) settleCall.interrupt(id, atMs)
      })
    },
  }
}
