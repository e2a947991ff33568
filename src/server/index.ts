/** The daemon: listens on loopback, routes paths, checks access, and serves its own API. `route` decides what happens to a call. */

export { ledgerFault } from './open-records.js'
export { buildRuntime, type Runtime } from './runtime.js'
export { type Incoming, sendInside } from './send-inside.js'
export { type Daemon, startDaemon } from './start-daemon.js'
