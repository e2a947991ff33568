import { usdFromNano } from '../kit/index.js'
import type { BatchJobRow, BatchStore } from '../ledger/index.js'

/** A job as it stands, for people and programs. */
export type JobView = Readonly<ReturnType<typeof showJob>>

export function showJob(store: BatchStore, { id, createdAt, deadlineAt, endedAt, cancelledAt, total }: BatchJobRow) {
  const counts = store.counts(id)
  const status: 'running' | 'cancelling' | 'ended' = endedAt !== null ? 'ended' : cancelledAt !== null ? 'cancelling' : 'running'
  return {
    id,
    status,
    createdAt: new Date(createdAt).toISOString(),
    deadlineAt: new Date(deadlineAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    lines: total,
    /** Lines that have ended, in any way. */
    done: total - counts.waiting - counts.ready - counts.sent,
    counts,
    /** Requests that were on their way, outside a batch, when llmroute was stopped: each may have been billed. */
    interrupted: store.interrupted(id),
    /** Cost of its lines so far; null when one is unpriced. */
    costUsd: usdFromNano(store.cost(id)),
  }
}
