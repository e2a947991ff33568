import { cancelJob, readLines, resultLines, showJob, submitJob } from '../../batch/index.js'
import { Fault, newId } from '../../kit/index.js'
import type { BatchJobRow, BatchStore } from '../../ledger/index.js'
import { json, type OwnAnswer } from '../own-answer.js'
import type { BatchRequest } from './answer-batches.js'
import { bodyOf, deadlineFor, jobNamed, jobsOf, jsonLines, noSuch, pageOf, termsFrom, wantsNote } from './own-jobs.js'

/** Anthropic's message batches (https://docs.anthropic.com/en/api/creating-message-batches). */
export async function answerMessageBatches(request: BatchRequest): Promise<OwnAnswer> {
  const { method, rest, query, headers, store } = request
  const [id, action] = rest
  const show = (job: BatchJobRow) => batchObject(store, job, headers.host ?? 'localhost')
  if (id === undefined) {
    if (method === 'POST') {
      const job = await createBatch(request)
      request.nudge()
      return json(show(job))
    }
    return json(pageOf(jobsOf(request, 'anthropic'), show, query, 'after_id'))
  }
  const job = jobNamed(request, 'anthropic', id)
  switch (`${method} ${action ?? ''}`) {
    case 'GET ':
      return json(show(job))
    case 'GET results':
      if (job.endedAt === null) throw new Fault('E_NOT_FOUND', `the batch ${id} has not ended, so it has no results yet`, { final: true })
      return jsonLines(resultLines(store, job, { withNote: wantsNote(request) }))
    case 'POST cancel':
      if (await cancelJob(store, job, request.nowMs)) request.nudge()
      return json(show(store.job(id) ?? job))
    case 'DELETE ':
      if (job.endedAt === null) throw new Fault('E_BAD_REQUEST', `the batch ${id} has not ended; cancel it first`, { final: true })
      await store.removeJob(id)
      return json({ id, type: 'message_batch_deleted' })
    default:
      throw noSuch(request)
  }
}

async function createBatch(request: BatchRequest): Promise<BatchJobRow> {
  const { requests } = await bodyOf(request)
  if (!Array.isArray(requests) || requests.length === 0)
    throw new Fault('E_BAD_REQUEST', 'requests: at least one is needed', { param: 'requests', final: true })
  const text = requests.map((line) => JSON.stringify(line)).join('\n')
  const lines = readLines(text, () => 'anthropic-messages', { shape: 'anthropic' })
  const terms = { ...termsFrom(request), surface: 'anthropic' } as const
  const deadlineMs = deadlineFor(request, terms.profile)
  return submitJob(request.store, lines, terms, { atMs: request.nowMs, deadlineMs, id: `msgbatch_${newId(request.nowMs)}` })
}

function batchObject(store: BatchStore, job: BatchJobRow, host: string) {
  const { id, createdAt, deadlineAt, endedAt, cancelledAt, total } = job
  const { counts } = showJob(store, job)
  const at = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
  const isOver = endedAt !== null
  return {
    id,
    type: 'message_batch',
    archived_at: null,
    processing_status: isOver ? 'ended' : cancelledAt !== null ? 'canceling' : 'in_progress',
    // As Anthropic does: all count as being processed until the whole batch has ended.
    request_counts: isOver
      ? { processing: 0, succeeded: counts.ok, errored: counts.failed, canceled: counts.cancelled, expired: counts.expired }
      : { processing: total, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    created_at: at(createdAt),
    expires_at: at(deadlineAt),
    ended_at: at(endedAt),
    cancel_initiated_at: at(cancelledAt),
    results_url: isOver ? `http://${host}/v1/messages/batches/${id}/results` : null,
  }
}
