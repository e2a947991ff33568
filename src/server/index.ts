/**
 * The daemon: listens on loopback, tells paths apart, checks who asks, and serves its own API. What becomes of a call is decided in `route`.
 */

export { ledgerFault } from './ledger-fault.js'
export { buildRuntime, type Runtime, type RuntimeOptions } from './runtime.js'
export { type Daemon, type DaemonOptions, startDaemon } from './start-daemon.js'
export { type RunningServer, type ServerOptions, startServer } from './start-server.js'
