import { type Request, splitPrompt, type Usage } from '../../canonical/index.js'
import { nanoFromUsd, parseJson } from '../../kit/index.js'
import { readFragment } from '../conversation.js'
import { emitCall, isNew } from '../emit-call.js'
import { count, type Fields, fields, number, text, timeMs } from '../fields.js'
import { readTable } from '../read-table.js'
import type { LogReader, ReaderContext } from '../types.js'

/** LiteLLM's spend logs (table `LiteLLM_SpendLogs`, or what `/spend/logs` answers), as JSON, JSON Lines or CSV. */
export function openLitellm(context: ReaderContext): LogReader {
  const turns = new Map<string, number>()
  return readTable((row, n) => {
    const model = text(row.model) ?? text(row.model_group)
    const atMs = timeMs(row.startTime)
    const id = text(row.request_id)
    if (model === null || atMs === null || id === null) return context.damaged(n, 'request_id, model or startTime is missing')
    if (!isNew(context, id)) return
    const session = text(row.session_id) ?? text(row.end_user)
    const turn = session === null ? 1 : (turns.get(session) ?? 0) + 1
    if (session !== null) turns.set(session, turn)
    const firstMs = timeMs(row.completionStartTime)
    const cost = number(row.spend)
    const failed = row.status === 'failure'
    emitCall(context, 'litellm', id, atMs, {
      line: n,
      session,
      turn,
      atMs,
      endMs: timeMs(row.endTime),
      model,
      provider: text(row.custom_llm_provider),
      ttftMs: firstMs === null || firstMs < atMs ? null : firstMs - atMs,
      format: 'openai-chat',
      usage: readUsage(row),
      costNano: cost === null ? null : nanoFromUsd(cost),
      status: failed ? 'error' : 'ok',
      error: failed ? (text(fields(jsonField(row.metadata)?.error_information)?.error_message) ?? 'failed') : null,
      request: readRequest(row, model),
    })
  })
}

/** A JSON column: an object in JSON, its text in CSV. */
function jsonField(value: unknown): Fields | null {
  return fields(typeof value === 'string' ? parseJson(value) : value)
}

/** Cached tokens are in the metadata, if anywhere; the prompt counts them. */
function readUsage(row: Fields): Usage {
  const usage = fields(jsonField(row.metadata)?.usage_object)
  const prompt = count(row.prompt_tokens)
  const cacheRead = count(usage?.cache_read_input_tokens) ?? count(fields(usage?.prompt_tokens_details)?.cached_tokens)
  const cacheWrite = count(usage?.cache_creation_input_tokens)
  return {
    ...splitPrompt(prompt, cacheRead, cacheWrite),
    output: count(row.completion_tokens),
    reasoning: count(fields(usage?.completion_tokens_details)?.reasoning_tokens),
  }
}

/** Messages are there only with `store_prompts_in_spend_logs`. */
function readRequest(row: Fields, model: string): Request | null {
  const messages: unknown = typeof row.messages === 'string' ? parseJson(row.messages) : row.messages
  if (!Array.isArray(messages) || messages.length === 0) return null
  try {
    return { format: 'openai-chat', model, messages: readFragment('openai-chat', { messages }), tools: [], sampling: {}, stream: false }
  } catch {
    return null
  }
}
