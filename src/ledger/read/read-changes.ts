import type { Db } from '../database/native.js'
import type { CallRow } from '../rows.js'
import type { Tables } from '../tables.js'
import { prepareCallQuery } from './call-row.js'

export interface Changes {
  /** Number of the last event in the ledger; hand it in next time. */
  readonly seq: number
  /** New calls and those asked for that have ended, oldest first. */
  readonly calls: readonly CallRow[]
}

export interface ChangesQuery {
  /** Last event known; 0 at first. */
  readonly afterSeq: number
  /** Calls known as running, by their `seq`. */
  readonly running: readonly number[]
  /** At most this many new calls, the newest ones. */
  readonly limit: number
}

/** What happened since: the cost depends on what is new, not on what is stored. Nothing is read when nothing was written. */
export function prepareReadChanges(db: Db, { names, sequence }: Tables): (query: ChangesQuery) => Changes {
  const added = prepareCallQuery(db, names, 'WHERE c.seq > ? ORDER BY c.seq DESC LIMIT ?')
  const ended = prepareCallQuery(db, names, 'WHERE c.seq IN (SELECT value FROM json_each(?)) AND c.status <> 1')
  return ({ afterSeq, running, limit }) => {
    const seq = sequence.last()
    if (seq === afterSeq) return { seq, calls: [] }
    return { seq, calls: [...ended(JSON.stringify(running)), ...added(afterSeq, limit).reverse()] }
  }
}
