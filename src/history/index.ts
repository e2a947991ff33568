/**
 * History reads what other tools logged of their calls and gives it out as calls, in the order of time. It sends nothing,
 * prices nothing and decides nothing: whoever imports says how a logged call becomes a record. `readHistory` stands in a file of its own,
 * since the readers of all formats come with it.
 */
export { findHistory, type HistoryFile } from './find-history.js'
export { type BuildRecord, type ImportedCall, type ImportProgress, importCalls } from './import-calls.js'
export type { ReadOptions } from './read-history.js'
export { type Damage, HISTORY_SOURCES, type HistoryCall, type HistorySource } from './types.js'
