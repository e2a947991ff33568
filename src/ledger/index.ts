/**
 * The ledger keeps every call in one SQLite file: append, settle, query, replay. It does not look inside the blobs it is
 * given, prices nothing and decides nothing.
 *
 * `database` is the file: opening, migrations, transactions, locks. `write` opens and settles calls, `read` answers queries, `replay` gives
 * events in their order from the columns of `packed`. `bodies` keeps messages, `retention` deletes, `spool` keeps what the file cannot take
 * now, and `batch` keeps jobs.
 */
export * from './batch/rows.js'
export type { Ledger } from './ledger.js'
export { type OpenLedgerOptions, openLedger, withOpenLedger } from './open-ledger.js'
export { attemptJson, type CallJson, callJson } from './read/call-json.js'
export { findCall } from './read/get-call.js'
export type { Comparison } from './read/read-comparisons.js'
export type { Verified } from './read/verify.js'
export type { PrefixTrie } from './replay/read-prefixes.js'
export type { ReplayDecided, ReplayEvent, ReplayOutcome, ReplayRange, ReplaySettled } from './replay/replay-events.js'
export type { Checkpoint } from './retention/checkpoints.js'
export { retain } from './retention/prune.js'
export * from './rows.js'
export type { LedgerState } from './spool/recovery.js'
export { openSpoolingLedger, type SpoolingLedger } from './spool/spooling-ledger.js'
export { openThrowawayLedger, type ThrowawayLedger } from './throwaway.js'
export * from './types.js'
