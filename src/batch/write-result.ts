import { isRecord, type Json, usdFromNano } from '../kit/index.js'
import type { BatchJobRow, BatchLineRow, BatchStore } from '../ledger/index.js'
import { codecFor } from '../wire/index.js'
import { allLines, specOf } from './context.js'
import type { LineSpec } from './types.js'

/** A result in the form that its line was written in. */
function writeResult(line: BatchLineRow, withNote: boolean): Json {
  const spec = specOf(line)
  const result = inShape(spec, line, JSON.parse(Buffer.from(line.answer ?? '{}').toString('utf8')) as Json)
  return withNote ? { ...result, llmroute: noteOf(line) } : result
}

function inShape(spec: LineSpec, line: BatchLineRow, answer: Json): Json {
  const { id } = spec
  const ok = line.state === 'ok'
  switch (spec.shape) {
    case 'openai':
      return openaiResult(id, line, answer)
    case 'anthropic':
      return { custom_id: id, result: anthropicResult(line, answer) }
    case 'gemini':
      return ok ? { key: id, response: answer } : { key: id, error: answer.error }
    case 'plain':
      return ok ? { id, text: textOf(spec, answer) } : { id, error: messageOf(answer) }
    case 'body':
      return ok ? { id, response: answer } : { id, error: answer.error ?? answer }
  }
}

function openaiResult(id: string, line: BatchLineRow, answer: Json): Json {
  const own = `batch_req_${line.call}`
  if (line.state === 'expired' || line.state === 'cancelled') {
    const error = { code: `batch_${line.state}`, message: messageOf(answer) }
    return { id: own, custom_id: id, response: null, error }
  }
  return { id: own, custom_id: id, response: { status_code: line.status, request_id: line.call, body: answer }, error: null }
}

function anthropicResult(line: BatchLineRow, answer: Json): Json {
  switch (line.state) {
    case 'ok':
      return { type: 'succeeded', message: answer }
    case 'expired':
      return { type: 'expired' }
    case 'cancelled':
      return { type: 'canceled' }
    default:
      return { type: 'errored', error: answer }
  }
}

/** The words of an answer. */
function textOf({ format }: LineSpec, answer: Json): string {
  const parts = codecFor(format).readReply(answer).choices[0]?.parts ?? []
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function messageOf({ error }: Json): string {
  return isRecord(error) && 'message' in error ? String(error.message) : 'it failed'
}

/** What is added to a result: its call, the model that answered, the cost. */
function noteOf({ call, model, costNano, state, interrupted }: BatchLineRow) {
  const tier = model === null ? null : model.endsWith('@batch') ? 'batch' : model.endsWith('@flex') ? 'flex' : 'standard'
  // Interrupted: times that it was being asked when llmroute was stopped, each of which may have been billed.
  return { call, model, tier, costUsd: usdFromNano(costNano), status: state, ...(interrupted > 0 ? { interrupted } : {}) }
}

/** Results in the order of the lines, as JSON Lines; lines that have not ended are left out. */
export function* resultLines(
  store: BatchStore,
  job: Pick<BatchJobRow, 'id'>,
  { withNote, only }: { readonly withNote: boolean; readonly only?: (line: BatchLineRow) => boolean },
): Generator<string> {
  for (const line of allLines(job, store))
    if (line.answer !== null && (only?.(line) ?? true)) yield `${JSON.stringify(writeResult(line, withNote))}\n`
}
