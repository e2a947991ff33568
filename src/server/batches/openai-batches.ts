import { cancelJob, readLines, showJob, submitJob } from '../../batch/index.js'
import { Fault, newId } from '../../kit/index.js'
import type { BatchJobRow, BatchStore } from '../../ledger/index.js'
import { json, type OwnAnswer } from '../own-answer.js'
import type { BatchRequest } from './answer-batches.js'
import { bodyOf, deadlineFor, isOf, jobNamed, jobsOf, noSuch, pageOf, termsFrom, termsOf } from './own-jobs.js'

/** OpenAI's batches (https://platform.openai.com/docs/api-reference/batch). */
export async function answerBatches(request: BatchRequest): Promise<OwnAnswer> {
  const { method, rest, query, store } = request
  const [id, action] = rest
  if (id === undefined) {
    if (method === 'POST') {
      const job = await createBatch(request)
      request.nudge()
      return json(batchObject(store, job))
    }
    return json({ object: 'list', ...pageOf(jobsOf(request, 'openai'), (job) => batchObject(store, job), query) })
  }
  const job = jobNamed(request, 'openai', id)
  if (action === undefined && method === 'GET') return json(batchObject(store, job))
  if (action !== 'cancel' || method !== 'POST') throw noSuch(request)
  if (!(await cancelJob(store, job, request.nowMs))) throw new Fault('E_CONFLICT', `the batch ${id} has ended already`, { final: true })
  request.nudge()
  return json(batchObject(store, store.job(id) ?? job))
}

async function createBatch(request: BatchRequest): Promise<BatchJobRow> {
  const { store } = request
  const { input_file_id, endpoint, completion_window, metadata } = await bodyOf(request)
  const window = typeof completion_window === 'string' ? completion_window : '24h'
  const file = typeof input_file_id === 'string' ? store.file(input_file_id) : null
  if (file === null || !isOf(file.key, request.key))
    throw new Fault('E_BAD_REQUEST', 'the input file does not exist', { param: 'input_file_id', final: true })
  const text = Buffer.from(store.fileContent(file.id) ?? []).toString('utf8')
  const lines = readLines(text, () => 'openai-chat', { shape: 'openai' })
  const terms = {
    ...termsFrom(request),
    surface: 'openai' as const,
    inputFile: file.id,
    endpoint: String(endpoint),
    window,
    metadata: isTexts(metadata) ? metadata : null,
  }
  const deadlineMs = deadlineFor(request, terms.profile, window)
  return submitJob(store, lines, terms, { atMs: request.nowMs, deadlineMs, id: `batch_${newId(request.nowMs)}` })
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string')
}

function batchObject(store: BatchStore, job: BatchJobRow) {
  const { id, createdAt, deadlineAt, endedAt, cancelledAt, total } = job
  const { endpoint, inputFile, window, metadata } = termsOf(job)
  const { counts } = showJob(store, job)
  const failed = counts.failed + counts.expired + counts.cancelled
  const ended = endedAt === null ? null : cancelledAt !== null ? 'cancelled' : counts.expired > 0 ? 'expired' : 'completed'
  const at = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1000))
  return {
    id,
    object: 'batch',
    endpoint,
    errors: null,
    input_file_id: inputFile,
    completion_window: window,
    status: ended ?? (cancelledAt !== null ? 'cancelling' : counts.waiting === total ? 'validating' : 'in_progress'),
    output_file_id: ended !== null && counts.ok > 0 ? `file-out-${id}` : null,
    error_file_id: ended !== null && failed > 0 ? `file-err-${id}` : null,
    created_at: at(createdAt),
    in_progress_at: at(createdAt),
    expires_at: at(deadlineAt),
    finalizing_at: null,
    failed_at: null,
    completed_at: ended === 'completed' ? at(endedAt) : null,
    expired_at: ended === 'expired' ? at(endedAt) : null,
    cancelling_at: at(cancelledAt),
    cancelled_at: ended === 'cancelled' ? at(endedAt) : null,
    request_counts: { total, completed: counts.ok, failed },
    metadata: metadata ?? null,
  }
}
