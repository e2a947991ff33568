/**
 * The pipeline: reads a request, decides, walks the plan, passes the answer on and writes down what happened. It opens no socket, no file
 * and no database: clock, ledger, dispatch and configuration are handed in as ports.
 */

export type { Advice, Advise } from './advice.js'
export type { SpendLimit } from './budget-scopes.js'
export type { DecidedCall } from './call.js'
export { createRouter, type Router } from './create-router.js'
export { type Decided, decideCall } from './decide-call.js'
export * from './exchange.js'
export type { LedgerPort, StoredMessage } from './ports.js'
export { findModel, modelNames } from './resolve-target.js'
export { priceUsage } from './price-usage.js'
export { responseHeaders } from './response-headers.js'
export * from './router-ports.js'
export type { SettledCall } from './settled-call.js'
export * from './setup.js'
export type { Understood } from './understand-call.js'
export { writeFault } from './write-fault.js'
export { writeHeaders } from './write-upstream.js'
