/**
 * Jobs whose lines may wait: every line is a call, decided and recorded like any other, and sent through its provider's batch API or, where
 * there is none or no time for one, one by one. It keeps everything it needs in the ledger, and promises no order in which lines are asked.
 */
export type { BatchPorts } from './desk.js'
export { batchApiOf } from './providers/index.js'
export { readLines } from './read-lines.js'
export { type BatchRunner, createBatchRunner } from './runner.js'
export { type JobView, showJob } from './show-job.js'
export { cancelJob, submitJob } from './submit-job.js'
export * from './types.js'
export { resultLines } from './write-result.js'
