import { asFault, type Fault } from '../kit/index.js'
import { prepareBackup } from './backup.js'
import type { BatchStore } from './batch/rows.js'
import { prepareBatchStore } from './batch/store.js'
import { prepareBudgets } from './budgets.js'
import { openCommitQueue } from './commit-queue.js'
import { keyedDigest, ledgerKey } from './digests.js'
import { exportCalls } from './export-calls.js'
import { prepareCallReader } from './get-call.js'
import { openInFlight } from './in-flight.js'
import type { Ledger } from './ledger.js'
import { prepareWrites } from './ledger-writes.js'
import { listCalls } from './list-calls.js'
import { openNames } from './names.js'
import { loadNative } from './native.js'
import { openOnce } from './once.js'
import { explain, openDatabase } from './open-database.js'
import { prepareReadBodies } from './read-bodies.js'
import { prepareReadChanges } from './read-changes.js'
import { prepareColumnReader } from './read-columns.js'
import { readComparisons, readOutcomeCounts } from './read-comparisons.js'
import { readCounts } from './read-counts.js'
import { openPrefixes } from './read-prefixes.js'
import { readLatencies, readRollups } from './read-rollups.js'
import { replay } from './replay.js'
import type { ReplayEvent, ReplayRange } from './replay-events.js'
import { openCheckpoints } from './retention/checkpoints.js'
import { preparePrune } from './retention/prune.js'
import { prepareRollups } from './rollups.js'
import { openSequence } from './sequence.js'
import { openSessions } from './sessions.js'
import { openKeeperThread } from './upkeep/keeper-thread.js'
import { openWalKeeper } from './upkeep/wal-keeper.js'
import { prepareVectors, type Vectors } from './vectors.js'
import { verifyLedger } from './verify.js'
import { openBodyWriter } from './write-bodies.js'
import { prepareWritePrefixes } from './write-prefixes.js'

export interface OpenLedgerOptions {
  /** Reads only; the file must exist. */
  readonly readonly?: boolean
  /** `none` keeps no message: `bodies` then does nothing. Default `all`. */
  readonly bodies?: 'all' | 'none'
  /** Longest wait for another process's write lock, milliseconds, spent outside the event loop but for `busyMs`. Default 5000. */
  readonly lockedMs?: number
  /** The part of it that may block. Default 2; commands may ask for more. */
  readonly busyMs?: number
  readonly now?: () => number
  /** Takes what looks like a secret out of a message before it is stored. */
  readonly redact?: (json: string) => string
  /** Told of bodies that could not be stored. */
  readonly onError?: (fault: Fault) => void
}

/** Opens a ledger, making it if it does not exist. Throws E_LEDGER with the way out when it cannot be used. */
export async function openLedger(path: string, options: OpenLedgerOptions = {}): Promise<Ledger> {
  const { readonly = false, bodies: keepsBodies = 'all', now = Date.now } = options
  const open = await loadNative()
  const db = await openDatabase(open, path, { readonly, busyMs: options.busyMs ?? 2 })
  const names = openNames(db)
  const sessions = openSessions(db)
  const policies = openOnce(db, 'policy')
  const modelRevs = openOnce(db, 'model_rev')
  const columns = prepareColumnReader(db)
  const budgets = prepareBudgets(db)
  const checkpoints = openCheckpoints(db)
  const sequence = openSequence(db)
  const inFlight = openInFlight()
  const prefixes = prepareWritePrefixes(db)
  const rollups = prepareRollups(db, names)
  const thread = openKeeperThread(path)
  const wal = openWalKeeper(db, thread)
  // Changes whenever another connection has written: it may have pruned what is remembered here.
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  let lastVersion = dataVersion.get()
  const queue = openCommitQueue(db, {
    lockedMs: options.lockedMs ?? 5000,
    afterBegin: () => {
      const version = dataVersion.get()
      if (version !== lastVersion) forget()
      lastVersion = version
    },
    beforeCommit: () => {
      rollups.beforeCommit()
      sequence.beforeCommit()
    },
    afterCommit: wal.wrote,
    pause: wal.pause,
    onRollback: () => {
      for (const memory of [names, policies, modelRevs, sequence, inFlight, rollups, prefixes]) memory.forget()
    },
  })
  const bodies =
    keepsBodies === 'none' || readonly
      ? null
      : openBodyWriter(db, {
          ...{ queue, now, seqOf: inFlight.seq, redact: options.redact ?? ((json) => json) },
          onError: (error) => options.onError?.(asFault(explain(error, path))),
        })
  const key = ledgerKey(db, readonly ? null : queue, now)
  const writes = prepareWrites(db, {
    ...{ path, open, queue, names, sessions, policies, modelRevs, columns, budgets, bodies, inFlight, rollups, prefixes },
    nextSeq: sequence.next,
  })
  const { runs, write, requireSeq } = writes
  const calls = prepareCallReader(db, { names, policies, modelRevs, columns })
  const readBodies = prepareReadBodies(db)
  const lastSeq = db.prepare<[], number>('SELECT seq FROM counter WHERE id = 1').pluck()
  const withBody = db.prepare<[], number>('SELECT call FROM body').pluck()
  const oldestBody = db.prepare<[], number>('SELECT decided_at FROM call WHERE seq = (SELECT min(call) FROM body)').pluck()

  /** Prepared at first use: most ledgers hold none, and one opened for reading may be older than its table. */
  let prepared: Vectors | undefined
  const vectors = (): Vectors => (prepared ??= prepareVectors(db, now))

  /** On a connection of its own, in one transaction: pages see the same moment, and writers are not in the way. */
  function* replayFrom(range: ReplayRange = {}): Generator<ReplayEvent[]> {
    const snapshot = open(path, { readonly: true })
    try {
      snapshot.exec('BEGIN')
      yield* replay(snapshot, { fromSeq: openCheckpoints(snapshot).firstSeq(), ...range })
    } finally {
      snapshot.close()
    }
  }

  /** What was remembered of rows that were deleted. */
  function forget(): void {
    for (const memory of [bodies, inFlight, prefixes]) memory?.forget()
  }

  async function flush(): Promise<void> {
    await bodies?.flush()
    queue.flush()
  }

  let batch: BatchStore | null = null

  return {
    ...{ path, keepsBodies, flush },
    keyed: (digest) => keyedDigest(key, digest),
    ...{ open: writes.open, settle: writes.settle, attempt: writes.attempt, outcome: writes.outcome },
    ...{ remember: writes.remember, bodies: writes.bodies, interrupt: writes.interrupt, record: writes.record },
    ready: () => write(() => undefined),
    startRun: (run) => queue.now(() => runs.start(run)),
    markInterrupted: (atMs) => queue.now(() => runs.markInterrupted(atMs)),

    listCalls: (filter) => listCalls(db, names, filter),
    hasCall: calls.has,
    getCall: calls.detail,
    attemptsOf: (id) => calls.attempts(requireSeq(id)),
    bodiesOf: (id) => readBodies(requireSeq(id)),
    rollups: (query) => readRollups(db, names, query),
    spend: (query) => readRollups(db, names, { ...query, by: [] })[0]!,
    latencies: (query) => readLatencies(db, names, query),
    budgets: budgets.of,
    comparisons: (query) => readComparisons(db, names, query),
    outcomeCounts: (range) => readOutcomeCounts(db, names, range),
    changes: prepareReadChanges(db, names),
    counts: () => readCounts(db),

    replay: replayFrom,
    policies: policies.all,
    modelRevs: modelRevs.all,
    prefixes: () => openPrefixes(db),
    checkpoint: checkpoints.latest,
    saveCheckpoint: (checkpoint) => write(() => checkpoints.save(checkpoint)),
    firstSeq: checkpoints.firstSeq,
    lastSeq: () => lastSeq.get() ?? 0,

    get batch() {
      const { write, within } = writes
      const steps = { openCall: within.open, settleCall: within.settle, writeAttempt: within.attempt }
      batch ??= prepareBatchStore(db, { path, open, write, ...steps })
      return batch
    },
    prune: preparePrune(db, { queue, checkpoints, replay: replayFrom, forget, now }),
    oldestBodyMs: () => oldestBody.get() ?? null,
    callsWithBodies: () => new Set(withBody.all()),
    verify: (verification) => verifyLedger(db, { names, modelRevs, columns }, verification),
    export: (request) => exportCalls(db, { names, modelRevs, columns, readBodies }, request),
    check: () => thread.run('check'),
    backup: prepareBackup(open, db),
    vectorsOf: (model, digests) => vectors().of(model, digests),
    keepVectors: (model, list) => write(() => vectors().keep(model, list)),

    async close() {
      if (!db.open) return
      try {
        if (readonly) return
        await wal.pause()
        await flush()
        queue.now(() => runs.end(now()))
        db.pragma('optimize')
      } finally {
        // Also of a file that takes nothing any more.
        wal.close()
        await thread.close()
        db.close()
      }
    },
  }
}
