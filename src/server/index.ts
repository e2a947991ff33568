/**
 * The daemon: listens on loopback, tells paths apart, checks who asks, and serves its own API. What becomes of a call is decided in `route`.
 */

export { ledgerFault } from './ledger-fault.js'
export { buildRuntime, type Runtime } from './runtime.js'
export { type Daemon, startDaemon } from './start-daemon.js'
