/**
 * The ledger keeps every call in one SQLite file: append, settle, query, replay. It does not look inside the blobs it is
 * given, prices nothing and decides nothing.
 */
export * from './batch/rows.js'
export type { BudgetRow } from './budgets.js'
export { type AttemptJson, attemptJson, type CallJson, callJson } from './call-json.js'
export type { ExportRequest } from './export-calls.js'
export type { Ledger } from './ledger.js'
export { type OpenLedgerOptions, openLedger } from './open-ledger.js'
export type { StoredBodies } from './read-bodies.js'
export type { Changes, ChangesQuery } from './read-changes.js'
export type { Comparison, TimeRange } from './read-comparisons.js'
export type { PrefixTrie } from './read-prefixes.js'
export type { LatencyQuery } from './read-rollups.js'
export type { ReplayDecided, ReplayEvent, ReplayOutcome, ReplayRange, ReplaySettled } from './replay-events.js'
export type { Checkpoint } from './retention/checkpoints.js'
export type { Pruned, PruneOptions } from './retention/prune.js'
export { type RetainOptions, retain } from './retention/retain.js'
export * from './rows.js'
export { type LedgerState, openSpoolingLedger, type SpoolingLedger, type SpoolingOptions } from './spool/spooling-ledger.js'
export * from './types.js'
export type { StoredVector } from './vectors.js'
export type { CostOf, Verification, Verified } from './verify.js'
