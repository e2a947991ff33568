import type { LedgerWriter } from '../ledger/types.js'

export type { StoredMessage } from '../ledger/types.js'

/** The ledger as the pipeline sees it: asynchronous and narrow, so that another store can be used beside the SQLite one. */
export type LedgerPort = LedgerWriter
