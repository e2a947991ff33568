import { DAY_MS, Fault, newId, usdFromNano } from '../kit/index.js'
import type { BatchJobRow, BatchStore } from '../ledger/index.js'
import type { JobTerms, LineSpec, ReadLine } from './types.js'

/** Deadlines below this are no batch; above it nothing is promised by any provider. */
const LEAST_MS = 1000
const MOST_MS = 30 * DAY_MS

/** Stores lines: from here on they are in the ledger, whatever happens to this process. Throws E_BAD_REQUEST for an absurd deadline. */
export async function submitJob(
  store: BatchStore,
  lines: readonly ReadLine[],
  terms: JobTerms,
  { atMs, deadlineMs, id }: { readonly atMs: number; readonly deadlineMs: number; readonly id: string },
): Promise<BatchJobRow> {
  if (deadlineMs < LEAST_MS || deadlineMs > MOST_MS)
    throw new Fault('E_BAD_REQUEST', 'a batch may wait between a second and thirty days', { param: 'deadline', final: true })
  const rows = lines.map(({ body, ...spec }) => ({
    call: newId(atMs),
    spec: JSON.stringify(spec satisfies LineSpec),
    request: Buffer.from(JSON.stringify(body)),
  }))
  await store.addJob({ id, createdAt: atMs, deadlineAt: atMs + deadlineMs, terms: JSON.stringify(terms) }, rows)
  return store.job(id)!
}

/** No line of it is begun any more; those at a provider are called back. False when it had ended already. */
export async function cancelJob(store: BatchStore, job: BatchJobRow, atMs: number): Promise<boolean> {
  if (job.endedAt !== null) return false
  if (job.cancelledAt === null) await store.markJob(job.id, { cancelledAt: atMs })
  return true
}

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
