import { Fault } from '../kit/index.js'
import type { Db } from './database/native.js'
import { openJsonByHash } from './json-by-hash.js'
import { openNames } from './names.js'
import { prepareColumnReader } from './read/read-columns.js'
import { openCheckpoints } from './retention/checkpoints.js'
import { prepareBudgets } from './write/budgets.js'
import { openInFlight } from './write/in-flight.js'
import { prepareRollups } from './write/rollups.js'
import { prepareWritePrefixes } from './write/write-prefixes.js'

/** Prepared access to the ledger's tables over one connection, with what is remembered of their rows. */
export type Tables = ReturnType<typeof openTables>

export function openTables(db: Db) {
  const names = openNames(db)
  const policies = openJsonByHash(db, 'policy')
  const modelRevs = openJsonByHash(db, 'model_rev')
  const sequence = openSequence(db)
  const inFlight = openInFlight()
  const prefixes = prepareWritePrefixes(db)
  const rollups = prepareRollups(db, names)
  const sessions = openNames(db, 'session')
  const seqOf = db.prepare<[string], number>('SELECT seq FROM call WHERE id = ?').pluck()
  return {
    names,
    sessions,
    policies,
    modelRevs,
    columns: prepareColumnReader(db),
    budgets: prepareBudgets(db),
    checkpoints: openCheckpoints(db),
    sequence,
    inFlight,
    prefixes,
    rollups,
    /** Number of a call's row; undefined when there is no such call. */
    findSeq: (call: string) => inFlight.seq(call) ?? seqOf.get(call),
    /** The same. Throws E_NOT_FOUND. */
    requireSeq(call: string) {
      const seq = seqOf.get(call)
      if (seq === undefined) throw new Fault('E_NOT_FOUND', `there is no call ${call}`, { hint: '`llmroute log` lists them.' })
      return seq
    },
    /** Writes what a transaction has only added up in memory. */
    beforeCommit() {
      rollups.beforeCommit()
      sequence.beforeCommit()
      // Unlike words, old ones are deleted: none is remembered beyond its transaction.
      sessions.forget()
    },
    /** Forgets what a rolled-back transaction may have added. */
    onRollback() {
      for (const memory of [names, sessions, policies, modelRevs, sequence, inFlight, rollups, prefixes]) memory.forget()
    },
  }
}

/**
 * The one order of events. Numbers are taken inside the transaction that writes their rows, since the daemon, `ask` and imports
 * may write at once; the counter is read when a transaction takes its first number and written back before it commits.
 */
function openSequence(db: Db) {
  const read = db.prepare<[], number>('SELECT seq FROM counter WHERE id = 1').pluck()
  const write = db.prepare('UPDATE counter SET seq = ? WHERE id = 1')
  let taken: number | null = null
  const last = () => read.get() ?? 0
  return {
    last,
    /** Call inside a transaction. */
    next() {
      taken = (taken ?? last()) + 1
      return taken
    },
    beforeCommit() {
      if (taken !== null) write.run(taken)
      taken = null
    },
    /** Forgets the numbers of a transaction that was rolled back. */
    forget() {
      taken = null
    },
  }
}
