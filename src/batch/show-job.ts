import { usdFromNano } from '../kit/index.js'
import type { BatchJobRow, BatchStore, LineState } from '../ledger/index.js'

/** A job as it stands, for people and programs. */
export interface JobView {
  readonly id: string
  readonly status: 'running' | 'cancelling' | 'ended'
  readonly createdAt: string
  readonly deadlineAt: string
  readonly endedAt: string | null
  readonly lines: number
  /** Lines that have ended, in any way. */
  readonly done: number
  readonly counts: Readonly<Record<LineState, number>>
  /** Requests that were on their way, outside a batch, when llmroute was stopped: each may have been billed. */
  readonly interrupted: number
  /** Cost of its lines so far; null when one is unpriced. */
  readonly costUsd: number | null
}

export function showJob(store: BatchStore, { id, createdAt, deadlineAt, endedAt, cancelledAt, total }: BatchJobRow): JobView {
  const counts = store.counts(id)
  const cost = store.cost(id)
  return {
    id,
    status: endedAt !== null ? 'ended' : cancelledAt !== null ? 'cancelling' : 'running',
    createdAt: new Date(createdAt).toISOString(),
    deadlineAt: new Date(deadlineAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    lines: total,
    done: total - counts.waiting - counts.ready - counts.sent,
    counts,
    interrupted: store.interrupted(id),
    costUsd: cost === null ? null : usdFromNano(cost),
  }
}
