/**
 * Setting up and mending: a first configuration, other programs pointed at the proxy, a service, and a check of it all. It changes no
 * file of another program without keeping it as it was, and never prints a key.
 */
export { type Client, modelOf, type Target } from './connect/client.js'
export { CLIENTS, clientNamed } from './connect/client-table.js'
export { type Connection, changesSince, connectClient, disconnectClient, type FileChange, settingsFor } from './connect/connect-client.js'
export { type ClientState, lookAtClient } from './connect/look-at-client.js'
export type { DiffLine } from './connect/show-diff.js'
export type { OnChanged } from './connect/undo-connection.js'
export { findProgram, type Machine, thisMachine } from './machine.js'
