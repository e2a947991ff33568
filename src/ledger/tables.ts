import { Fault } from '../kit/index.js'
import type { Db } from './database/native.js'
import { type JsonByHash, openJsonByHash } from './json-by-hash.js'
import { type Names, openNames } from './names.js'
import { type ColumnReader, prepareColumnReader } from './read/read-columns.js'
import { type Checkpoints, openCheckpoints } from './retention/checkpoints.js'
import { openSequence, type Sequence } from './sequence.js'
import { openSessions, type Sessions } from './sessions.js'
import { type Budgets, prepareBudgets } from './write/budgets.js'
import { type InFlight, openInFlight } from './write/in-flight.js'
import { prepareRollups, type Rollups } from './write/rollups.js'
import { type Prefixes, prepareWritePrefixes } from './write/write-prefixes.js'

/** Prepared access to the ledger's tables over one connection, with what is remembered of their rows. */
export interface Tables {
  readonly names: Names
  readonly sessions: Sessions
  readonly policies: JsonByHash
  readonly modelRevs: JsonByHash
  readonly columns: ColumnReader
  readonly budgets: Budgets
  readonly checkpoints: Checkpoints
  readonly sequence: Sequence
  readonly inFlight: InFlight
  readonly prefixes: Prefixes
  readonly rollups: Rollups
  /** Number of a call's row; undefined when there is no such call. */
  findSeq(call: string): number | undefined
  /** The same. Throws E_NOT_FOUND. */
  requireSeq(call: string): number
  /** Writes what a transaction has only added up in memory. */
  beforeCommit(): void
  /** Forgets what a rolled-back transaction may have added. */
  onRollback(): void
}

export function openTables(db: Db): Tables {
  const names = openNames(db)
  const policies = openJsonByHash(db, 'policy')
  const modelRevs = openJsonByHash(db, 'model_rev')
  const sequence = openSequence(db)
  const inFlight = openInFlight()
  const prefixes = prepareWritePrefixes(db)
  const rollups = prepareRollups(db, names)
  const sessions = openSessions(db)
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
    findSeq: (call) => inFlight.seq(call) ?? seqOf.get(call),
    requireSeq(call) {
      const seq = seqOf.get(call)
      if (seq === undefined) throw new Fault('E_NOT_FOUND', `there is no call ${call}`, { hint: '`llmroute log` lists them.' })
      return seq
    },
    beforeCommit() {
      rollups.beforeCommit()
      sequence.beforeCommit()
      sessions.forget()
    },
    onRollback() {
      for (const memory of [names, sessions, policies, modelRevs, sequence, inFlight, rollups, prefixes]) memory.forget()
    },
  }
}
