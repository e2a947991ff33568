/** The neutral form of requests and answers, one small file an idea. It knows no wire format and does no I/O. */
export * from './accepts.js'
export * from './event.js'
export * from './reply.js'
export * from './request.js'
export * from './stored-request.js'
export * from './usage.js'
