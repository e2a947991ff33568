/**
 * Says what recorded calls add up to: spend, savings against named baselines, rates and routes that use more model than they need.
 * It only reads the ledger, and never counts a call whose price is unknown as free.
 */
export { type AttemptJson, attemptJson, type CallJson, callJson } from './call-json.js'
