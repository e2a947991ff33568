/**
 * Setting up and mending: a first configuration, other programs pointed at the proxy, a service, and a check of it all. It changes no
 * file of another program without keeping it as it was, and never prints a provider's key.
 */

export { type Client, modelOf, type Target } from './connect/client.js'
export { CLIENTS, clientNamed } from './connect/client-table.js'
export { connectClient, type FileChange, settingsFor } from './connect/connect-client.js'
export { changesSince, disconnectClient } from './connect/disconnect-client.js'
export { type ClientState, lookAtClient } from './connect/look-at-client.js'
export type { DiffLine } from './connect/show-diff.js'
export { chooseTunnel, TUNNELS, tunnelToken } from './connect/tunnels.js'
export { examine } from './doctor/examine.js'
export type { Finding, Patient, Reached } from './doctor/finding.js'
export { type Interview, interview, type Option, type Questions } from './init/interview.js'
export { keepKeys } from './init/keep-keys.js'
export { type Choices, type Proposal, propose } from './init/propose.js'
export { renderConfig } from './init/render-config.js'
export { type Scan, scanMachine } from './init/scan-machine.js'
export { checkNoConfig, writeConfig } from './init/write-config.js'
export { findProgram, type Machine, thisMachine } from './machine.js'
export { installUnit, passedOn, type RunCommand, stopUnit, uninstallUnit, unitFor } from './service/service.js'
export type { ServiceSpec, Unit } from './service/unit.js'
