import { isRecord, type Json, recordOf, recordsIn } from '../../kit/index.js'
import type { BatchApi, ItemResult } from './batch-api.js'
import { linesOf, objectOf, textOf } from './read-json.js'

const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  overloaded_error: 529,
}
/** Clocks differ: a batch may seem to be made a little before it was asked for. */
const CLOCK_MS = 60_000

/** Anthropic: the requests are part of the batch, its results one file (https://docs.anthropic.com/en/api/creating-message-batches). */
export const anthropicBatches: BatchApi = {
  maxBytes: 50_000_000,
  async create({ items }, send) {
    const requests = items.map(({ id, body }) => ({ custom_id: id, params: body }))
    return textOf(
      objectOf(await send({ method: 'POST', path: '/v1/messages/batches', body: JSON.stringify({ requests }) }), 'make a batch').id,
    )
  },
  // A batch does not carry our name: one of the right size and age is assumed to be ours until its results say otherwise.
  async find({ madeAt, lines, others }, send) {
    const list = objectOf(await send({ method: 'GET', path: '/v1/messages/batches?limit=100' }), 'list its batches')
    const found = recordsIn(list.data).find(
      (batch) => !others.has(textOf(batch.id)) && Date.parse(textOf(batch.created_at)) >= madeAt - CLOCK_MS && sizeOf(batch) === lines,
    )
    return found === undefined ? null : textOf(found.id)
  },
  async poll(remote, send) {
    const batch = objectOf(await send({ method: 'GET', path: `/v1/messages/batches/${remote}` }), 'tell of a batch')
    if (batch.processing_status !== 'ended') return { kind: 'running' }
    const results = linesOf(await send({ method: 'GET', path: `/v1/messages/batches/${remote}/results` }), 'give results')
    return { kind: 'ended', results: results.map(readLine) }
  },
  async cancel(remote, send) {
    await send({ method: 'POST', path: `/v1/messages/batches/${remote}/cancel`, body: '{}' })
  },
}

function sizeOf({ request_counts }: Json): number {
  return isRecord(request_counts) ? Object.values(request_counts).reduce<number>((sum, n) => sum + Number(n), 0) : -1
}

function readLine({ custom_id, result }: Json): ItemResult {
  const id = textOf(custom_id)
  const { type, message, error } = recordOf(result)
  if (type === 'succeeded') return { id, kind: 'ok', body: message }
  if (type === 'expired') return { id, kind: 'expired' }
  if (type === 'canceled') return { id, kind: 'cancelled' }
  const inner = isRecord(error) && isRecord(error.error) ? error.error : error
  return { id, kind: 'error', status: STATUS[textOf(recordOf(inner).type)] ?? 500, body: { type: 'error', error: inner } }
}
