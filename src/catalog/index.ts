/**
 * Models as data: how to reach providers, what models accept, their windows, prices and abilities, and what a call cost.
 * It does no I/O, reads no clock and no environment, and never invents a price: unknown is null.
 */
export { NEEDS, PARAMETERS, WIRE_FORMATS } from '../canonical/index.js'
export * from './closest-names.js'
export * from './cost.js'
export { DEFAULT_POOL } from './data/default-pool.data.js'
export { SOURCES } from './data/sources.data.js'
export * from './deep-freeze.js'
export { findFacts, type ModelFacts } from './facts.js'
export * from './match.js'
export * from './prices.js'
export * from './providers.js'
export * from './rates.js'
export * from './resolve-model.js'
export * from './sandbox.js'
export * from './task-ability.js'
export * from './tier.js'
export * from './types.js'
