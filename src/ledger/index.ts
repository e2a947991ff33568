/**
 * The ledger keeps every call in one SQLite file: append, settle, query, replay. It does not look inside the blobs it is
 * given, prices nothing and decides nothing.
 */
export * from './batch/rows.js'
export { attemptJson, type CallJson, callJson } from './call-json.js'
export { feedbackRow } from './feedback-row.js'
export { findCall } from './find-call.js'
export type { Ledger } from './ledger.js'
export { type OpenLedgerOptions, openLedger } from './open-ledger.js'
export type { Comparison } from './read-comparisons.js'
export type { PrefixTrie } from './read-prefixes.js'
export type { ReplayDecided, ReplayEvent, ReplayOutcome, ReplayRange, ReplaySettled } from './replay-events.js'
export type { Checkpoint } from './retention/checkpoints.js'
export { retain } from './retention/retain.js'
export * from './rows.js'
export type { LedgerState } from './spool/recovery.js'
export { openSpoolingLedger, type SpoolingLedger } from './spool/spooling-ledger.js'
export { explainSqliteError } from './sqlite-errors.js'
export * from './types.js'
export type { Verified } from './verify.js'
