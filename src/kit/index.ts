/** Small tools without opinions: money, ids, time, server-sent events, redaction and the one error type. It imports no other room. */
export * from './cell-width.js'
export * from './clock.js'
export * from './fault.js'
export * from './id.js'
export * from './money.js'
export * from './quantity.js'
export * from './sse.js'
export * from './redact.js'
