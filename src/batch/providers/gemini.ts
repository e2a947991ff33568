import { isRecord, type Json, recordOf, recordsIn } from '../../kit/index.js'
import type { BatchApi, ItemResult, Polled } from './batch-api.js'
import { objectOf, textOf } from './read-json.js'

const STATES = /_(SUCCEEDED|FAILED|CANCELLED|EXPIRED)$/
/** google.rpc.Code as an HTTP status. */
const STATUS: Readonly<Record<number, number>> = { 3: 400, 5: 404, 7: 403, 8: 429, 9: 400, 13: 500, 14: 503, 16: 401 }

/** Gemini: requests and results are inlined, at most 20 MB (https://ai.google.dev/gemini-api/docs/batch-api). */
export const geminiBatches: BatchApi = {
  maxBytes: 19_000_000,
  async create({ id, model, items }, send) {
    const requests = items.map((item) => ({ request: item.body, metadata: { key: item.id } }))
    const body = { batch: { displayName: id, inputConfig: { requests: { requests } } } }
    const path = `/v1beta/models/${model}:batchGenerateContent`
    return textOf(objectOf(await send({ method: 'POST', path, body: JSON.stringify(body) }), 'make a batch').name)
  },
  async find({ id }, send) {
    const list = objectOf(await send({ method: 'GET', path: '/v1beta/batches?pageSize=100' }), 'list its batches')
    const found = recordsIn(list.operations).find(({ metadata }) => recordOf(metadata).displayName === id)
    return found === undefined ? null : textOf(found.name)
  },
  async poll(remote, send): Promise<Polled> {
    const operation = objectOf(await send({ method: 'GET', path: `/v1beta/${remote}` }), 'tell of a batch')
    const metadata = recordOf(operation.metadata)
    const state = STATES.exec(textOf(metadata.state))?.[1]
    if (operation.done !== true && state === undefined) return { kind: 'running' }
    const response = recordOf(operation.response ?? metadata.output)
    const inlined = isRecord(response.inlinedResponses) ? response.inlinedResponses.inlinedResponses : response.inlinedResponses
    return { kind: 'ended', results: recordsIn(inlined).map(readLine) }
  },
  async cancel(remote, send) {
    await send({ method: 'POST', path: `/v1beta/${remote}:cancel`, body: '{}' })
  },
}

function readLine({ metadata, response, error }: Json): ItemResult {
  const id = textOf(recordOf(metadata).key)
  if (isRecord(response)) return { id, kind: 'ok', body: response }
  const code = isRecord(error) ? Number(error.code) : 0
  // CANCELLED and DEADLINE_EXCEEDED: the batch ended before the request's turn came.
  if (code === 1) return { id, kind: 'cancelled' }
  if (code === 4) return { id, kind: 'expired' }
  return { id, kind: 'error', status: code >= 400 ? code : (STATUS[code] ?? 500), body: { error } }
}
