import { resultLines } from '../../batch/index.js'
import { Fault, newId } from '../../kit/index.js'
import type { BatchFileRow, BatchJobRow } from '../../ledger/index.js'
import { json, type OwnAnswer } from '../own-answer.js'
import type { BatchRequest } from './answer-batches.js'
import { isOf, jobNamed, jsonLines, noSuch, pageOf, wantsNote } from './own-jobs.js'

/** Results are no stored files: they are read from the job. */
const RESULTS = /^file-(out|err)-(.+)$/

/** OpenAI's files, as far as batches need them (https://platform.openai.com/docs/api-reference/files). */
export async function answerFiles(request: BatchRequest): Promise<OwnAnswer> {
  const { method, rest, query, key, store } = request
  const [id, action] = rest
  if (id === undefined) {
    if (method === 'POST') return json(fileObject(await addFile(request)))
    const wanted = query.get('purpose')
    const own = store.files().filter((file) => isOf(file.key, key) && (wanted === null || file.purpose === wanted))
    return json({ object: 'list', ...pageOf(own, fileObject, query) })
  }
  const results = RESULTS.exec(id)
  if (results !== null && method === 'GET') {
    const job = jobNamed(request, 'openai', results[2]!)
    if (job.endedAt === null) throw new Fault('E_NOT_FOUND', `the batch ${job.id} has not ended, so it has no results yet`, { final: true })
    const isOk = results[1] === 'out'
    const lines = resultLines(store, job, { withNote: wantsNote(request), only: (line) => (line.state === 'ok') === isOk })
    return action === 'content' ? jsonLines(lines) : json(resultFile(id, job, lines))
  }
  const file = store.file(id)
  if (file === null || !isOf(file.key, key)) throw new Fault('E_NOT_FOUND', `there is no file ${id.slice(0, 100)}`, { final: true })
  if (action === 'content' && method === 'GET') return jsonLines([Buffer.from(store.fileContent(id) ?? []).toString('utf8')])
  if (action !== undefined) throw noSuch(request)
  if (method === 'GET') return json(fileObject(file))
  if (method === 'DELETE') return json({ id, object: 'file', deleted: await store.removeFile(id) })
  throw noSuch(request)
}

async function addFile(request: BatchRequest): Promise<BatchFileRow> {
  const type = request.headers['content-type'] ?? ''
  const bytes = await request.body()
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData().catch(() => null)
  const file = form?.get('file')
  if (file === null || file === undefined || typeof file === 'string')
    throw new Fault('E_BAD_REQUEST', 'a file is sent as multipart/form-data, with `file` and `purpose`', { param: 'file', final: true })
  const purpose = String(form?.get('purpose') ?? '')
  if (purpose !== 'batch')
    throw new Fault('E_BAD_REQUEST', `files are kept here for batches only, not for "${purpose.slice(0, 40)}"`, {
      param: 'purpose',
      final: true,
    })
  const row = { id: `file-${newId(request.nowMs)}`, createdAt: request.nowMs, key: request.key?.name ?? null, name: file.name, purpose }
  const content = Buffer.from(await file.arrayBuffer())
  await request.store.addFile(row, content)
  return { ...row, bytes: content.length }
}

function fileObject({ id, createdAt, name, purpose, bytes }: BatchFileRow) {
  const created_at = Math.floor(createdAt / 1000)
  return { id, object: 'file', bytes, created_at, filename: name, purpose, status: 'processed' }
}

function resultFile(id: string, job: BatchJobRow, lines: Iterable<string>) {
  let bytes = 0
  for (const line of lines) bytes += Buffer.byteLength(line)
  return fileObject({
    id,
    createdAt: job.endedAt ?? job.createdAt,
    key: null,
    name: `${job.id}_output.jsonl`,
    purpose: 'batch_output',
    bytes,
  })
}
