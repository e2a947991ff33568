/**
 * One attempt at one provider, and what is known of a provider's health: sending over HTTP or to the sandbox, the circuit breaker,
 * rate limits and measured speed. It does not choose models, retry or translate.
 */
export * from './breaker.js'
export * from './describe-failure.js'
export * from './dispatch-http.js'
export * from './exchange.js'
export * from './health.js'
export * from './hold-answer.js'
export * from './rate-limit.js'
export * from './read-whole.js'
export * from './sandbox/dispatch-sandbox.js'
