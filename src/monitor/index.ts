/**
 * The terminal monitor: calls as they happen, spend, savings and health, why a model was chosen, and what other weights would have done.
 * It only reads; it never writes to the ledger, never sends a request to a model and never changes the daemon.
 */
export { App } from './app.js'
export type { Feed } from './feed.js'
export { ledgerFeed } from './ledger-feed.js'
export { oneFrame, snapshotNow } from './one-frame.js'
export { palette } from './palette.js'
export { runMonitor } from './run-monitor.js'
export type { CallLine, Snapshot } from './snapshot.js'
export { snapshotJson } from './snapshot-json.js'
