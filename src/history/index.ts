/**
 * Reads other tools' logs and returns their calls in chronological order. It sends nothing, prices nothing and decides nothing: the
 * importer says how a logged call becomes a record. `readHistory` is in a separate file, since it loads the readers of all formats.
 */
export { findHistory, type HistoryFile } from './find-history.js'
export { type BuildRecord, type ImportedCall, type ImportProgress, importCalls } from './import-calls.js'
export type { ReadOptions } from './read-history.js'
export { type Damage, HISTORY_SOURCES, type HistoryCall, type HistorySource } from './types.js'
