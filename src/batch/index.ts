/**
 * Batch jobs: every line is a call, decided and recorded like any other, and sent through its provider's batch API or, if there is none or
 * no time for one, one by one. All state is in the ledger; the order in which lines are sent is not defined.
 */
export { cancelJob, type JobView, showJob, submitJob } from './jobs.js'
export { batchApiOf } from './providers/index.js'
export { readLines } from './read-lines.js'
export { type BatchRunner, createBatchRunner } from './runner.js'
export * from './types.js'
export { resultLines } from './write-result.js'
