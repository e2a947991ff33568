import { randomBytes } from 'node:crypto'
import { asFault, Fault } from '../kit/index.js'
import { prepareBudgets } from './budgets.js'
import { openCommitQueue } from './commit-queue.js'
import { keyedDigest } from './digests.js'
import { prepareCallReader } from './get-call.js'
import type { Ledger } from './ledger.js'
import { listCalls } from './list-calls.js'
import { openNames } from './names.js'
import { loadNative } from './native.js'
import { openOnce } from './once.js'
import { prepareOpenCall } from './open-call.js'
import { explain, openDatabase } from './open-database.js'
import { prepareReadBodies } from './read-bodies.js'
import { prepareReadChanges } from './read-changes.js'
import { prepareColumnReader } from './read-columns.js'
import { readComparisons, readOutcomeCounts } from './read-comparisons.js'
import { readCounts } from './read-counts.js'
import { readPrefixes } from './read-prefixes.js'
import { readLatencies, readRollups } from './read-rollups.js'
import { replay } from './replay.js'
import { prepareRollups } from './rollups.js'
import { prepareRuns } from './runs.js'
import { openSequence } from './sequence.js'
import { openSessions } from './sessions.js'
import { prepareSettleCall } from './settle-call.js'
import type { OutcomeRow } from './types.js'
import { prepareWriteAttempt } from './write-attempt.js'
import { openBodyWriter } from './write-bodies.js'

export interface OpenLedgerOptions {
  /** Reads only; the file must exist. */
  readonly readonly?: boolean
  /** `none` keeps no message: `bodies` then does nothing. Default `all`. */
  readonly bodies?: 'all' | 'none'
  /** Longest wait for another process's write lock, milliseconds, spent outside the event loop but for `busyMs`. Default 5000. */
  readonly lockedMs?: number
  /** The part of it that may block. Default 20; commands may ask for more. */
  readonly busyMs?: number
  readonly now?: () => number
  /** Takes what looks like a secret out of a message before it is stored. */
  readonly redact?: (json: string) => string
  /** Told of bodies that could not be stored. */
  readonly onError?: (fault: Fault) => void
}

/** Opens a ledger, making it if it does not exist. Throws E_LEDGER with the way out when it cannot be used. */
export async function openLedger(path: string, options: OpenLedgerOptions = {}): Promise<Ledger> {
  const readonly = options.readonly ?? false
  const keepsBodies = options.bodies ?? 'all'
  const now = options.now ?? Date.now
  const open = await loadNative()
  const db = await openDatabase(open, path, { readonly, busyMs: options.busyMs ?? 20 })
  const names = openNames(db)
  const policies = openOnce(db, 'policy')
  const modelRevs = openOnce(db, 'model_rev')
  const sessions = openSessions(db)
  const columns = prepareColumnReader(db)
  const reader = prepareCallReader(db, { names, policies, modelRevs, columns })
  const readBodies = prepareReadBodies(db)
  const sequence = openSequence(db)
  const memories = [names, policies, modelRevs, sequence]
  const queue = openCommitQueue(db, {
    lockedMs: options.lockedMs ?? 5000,
    beforeCommit: sequence.beforeCommit,
    onRollback: () => {
      for (const memory of memories) memory.forget()
    },
  })

  const nextSeq = sequence.next
  const budgets = prepareBudgets(db)
  const settleCall = prepareSettleCall(db, {
    ...{ names, modelRevs, budgets, columns, nextSeq },
    writeAttempt: prepareWriteAttempt(db),
    rollups: prepareRollups(db, names),
  })
  const runs = prepareRuns(db, { path, open, settleCall })
  const openCall = prepareOpenCall(db, { names, sessions, policies, budgets, nextSeq, run: runs.current })
  const seqOf = db.prepare<[string], number>('SELECT seq FROM call WHERE id = ?').pluck()
  const insertOutcome = db.prepare('INSERT INTO outcome(seq, call, kind, value, note, at) VALUES (?, ?, ?, ?, ?, ?)')
  const sameOutcome = db.prepare('SELECT 1 FROM outcome WHERE call = ? AND kind = ? AND at = ? AND value IS ?')
  const bodies = openBodyWriter(db, {
    queue,
    now,
    redact: options.redact ?? ((json) => json),
    onError: (error) => options.onError?.(asFault(error)),
  })
  const key = readonly ? null : ledgerKey()

  function ledgerKey(): Buffer {
    const select = db.prepare<[], Buffer>("SELECT value FROM meta WHERE key = 'digest-key'").pluck()
    return (
      select.get() ??
      queue.now(() => {
        db.prepare("INSERT OR IGNORE INTO meta VALUES ('digest-key', ?), ('created-at', ?)").run(randomBytes(32), now())
        return select.get() as Buffer
      })
    )
  }

  function write<T>(work: () => T): Promise<T> {
    return queue.run(work).catch((error: unknown) => {
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
    path,
    readonly,
    keepsBodies,
    keyed: (digest) => keyedDigest(key ?? Buffer.alloc(0), digest),
    open: (call) => write(() => openCall(call)),
    settle: (call) => write(() => settleCall.settle(call)),
    attempt: (call, attempt) => write(() => settleCall.attempt(call, attempt)),
    outcome: (row) => write(() => addOutcome(row)),
    remember: async (kind, hash, json) => {
      await write(() => (kind === 'policy' ? policies : modelRevs).remember(hash, json))
    },
    bodies(call, request, reply) {
      if (keepsBodies === 'all' && !readonly) bodies.add(call, request, reply)
    },
    startRun: (run) => queue.now(() => runs.start(run)),
    markInterrupted: (atMs) => queue.now(() => runs.markInterrupted(atMs)),
    interrupt(ids, atMs) {
      queue.now(() => {
        for (const id of ids) settleCall.interrupt(id, atMs)
      })
    },
    listCalls: (filter) => listCalls(db, names, filter),
    getCall: reader.detail,
    attemptsOf: (id) => reader.attempts(requireSeq(id)),
    bodiesOf: (id) => readBodies(requireSeq(id)),
    rollups: (query) => readRollups(db, names, query),
    spend: (query) => readRollups(db, names, { ...query, by: [] })[0] as ReturnType<Ledger['spend']>,
    latencies: (query) => readLatencies(db, names, query),
    budgets: budgets.of,
    comparisons: (range) => readComparisons(db, names, range),
    outcomeCounts: (range) => readOutcomeCounts(db, names, range),
    changes: prepareReadChanges(db, names),
    counts: () => readCounts(db),
    *replay(range) {
      const snapshot = open(path, { readonly: true })
      try {
        snapshot.exec('BEGIN')
        yield* replay(snapshot, range)
      } finally {
        snapshot.close()
      }
    },
    policies: policies.all,
    modelRevs: modelRevs.all,
    prefixes: () => readPrefixes(db),
    flush,
    async close() {
      if (!db.open) return
      if (!readonly) {
        await flush()
        queue.now(() => runs.end(now()))
        db.pragma('optimize')
      }
      db.close()
    },
  }

  async function flush(): Promise<void> {
    await bodies.flush()
    queue.flush()
  }
}
