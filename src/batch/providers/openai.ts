import { isRecord, type Json, recordOf, recordsIn } from '../../kit/index.js'
import type { BatchApi, ItemResult, Outgoing, Send } from './batch-api.js'
import { linesOf, objectOf, textOf } from './read-json.js'

const ENDPOINTS: Readonly<Record<string, string>> = { 'openai-chat': '/v1/chat/completions', 'openai-responses': '/v1/responses' }
/** Where a batch carries our own name, so that it can be found again. */
const NAME = 'llmroute_batch'
const ENDED = new Set(['completed', 'failed', 'expired', 'cancelled'])

/**
 * OpenAI: a file of requests is uploaded, a batch is created from it, and its results are two other files
 * (https://platform.openai.com/docs/guides/batch).
 */
export const openaiBatches: BatchApi = {
  maxBytes: 50_000_000,
  async create(batch, send) {
    const uploaded = objectOf(await send(upload(batch)), 'take a file')
    const body = {
      input_file_id: uploaded.id,
      endpoint: ENDPOINTS[batch.format],
      completion_window: '24h',
      metadata: { [NAME]: batch.id },
    }
    return textOf(objectOf(await send({ method: 'POST', path: '/batches', body: JSON.stringify(body) }), 'make a batch').id)
  },
  async find({ id }, send) {
    const list = objectOf(await send({ method: 'GET', path: '/batches?limit=100' }), 'list its batches')
    const found = recordsIn(list.data).find(({ metadata }) => recordOf(metadata)[NAME] === id)
    return found === undefined ? null : textOf(found.id)
  },
  async poll(remote, send) {
    const batch = objectOf(await send({ method: 'GET', path: `/batches/${remote}` }), 'tell of a batch')
    if (!ENDED.has(textOf(batch.status))) return { kind: 'running' }
    const files = [batch.output_file_id, batch.error_file_id].filter((id) => typeof id === 'string')
    const results: ItemResult[] = []
    for (const id of files) results.push(...(await readFile(id, send)))
    return { kind: 'ended', results }
  },
  async cancel(remote, send) {
    await send({ method: 'POST', path: `/batches/${remote}/cancel`, body: '{}' })
  },
}

function upload({ id, format, items }: Outgoing) {
  const url = ENDPOINTS[format]
  const lines = items.map((item) => `${JSON.stringify({ custom_id: item.id, method: 'POST', url, body: item.body })}\n`).join('')
  const boundary = `llmroute-${id}`
  const part = (head: string, content: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${head}\r\n\r\n${content}\r\n`
  const body = `${part('purpose"', 'batch')}${part(`file"; filename="${id}.jsonl"\r\ncontent-type: application/jsonl`, lines)}--${boundary}--\r\n`
  return { method: 'POST', path: '/files', type: `multipart/form-data; boundary=${boundary}`, body } as const
}

async function readFile(id: string, send: Send): Promise<readonly ItemResult[]> {
  const lines = linesOf(await send({ method: 'GET', path: `/files/${id}/content` }), 'give a file')
  return lines.map(readLine)
}

function readLine({ custom_id, response, error }: Json): ItemResult {
  const id = textOf(custom_id)
  if (isRecord(response)) {
    const status = Number(response.status_code)
    return status < 400 ? { id, kind: 'ok', body: response.body } : { id, kind: 'error', status, body: response.body }
  }
  const code = textOf(recordOf(error).code)
  if (code === 'batch_expired') return { id, kind: 'expired' }
  if (code === 'batch_cancelled') return { id, kind: 'cancelled' }
  return { id, kind: 'error', status: 500, body: { error } }
}
