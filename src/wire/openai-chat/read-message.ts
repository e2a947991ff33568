import type { Extra, Message, Part } from '../../canonical/index.js'
import { spelled } from '../extra.js'
import { type Json, leftover, mayString, needOneOf, needSome, needString, present, readEach, recordsIn } from '../json.js'
import { splitResults } from '../turns.js'
import { isAnthropicBlock } from './other-shapes.js'
import { readParts } from './parts.js'
import { readReasoning } from './reasoning.js'
import { readToolCall } from './tool-calls.js'

const KNOWN = new Set([
  'role',
  'content',
  'name',
  'tool_calls',
  'tool_call_id',
  'refusal',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
])

export function readMessages(value: unknown): Message[] {
  return readEach(needSome(value, 'messages'), 'messages', readMessage).flat()
}

function readMessage(raw: Json, path: string): Message[] {
  const role = needOneOf(raw.role, `${path}.role`, ['system', 'developer', 'user', 'assistant', 'tool'])
  const extra = readExtra(raw)
  const content = readContent(raw.content, `${path}.content`)
  const parts = role === 'tool' ? [readResult(raw, content, path)] : role === 'assistant' ? readAssistant(raw, content, path) : content
  const name = role === 'tool' ? undefined : mayString(raw.name, `${path}.name`)
  const isPlain = name === undefined && extra === undefined
  const message: Message = isPlain ? { role, parts } : { role, parts, ...present({ name, extra }) }
  return role === 'user' && parts.some((part) => part.type === 'tool-result') ? splitResults(message) : [message]
}

/** The parts of an assistant's message, in a request or an answer. */
export function readAssistant(raw: Json, content: readonly Part[], path: string): Part[] {
  const parts = [...readReasoning(raw, path), ...content]
  const refusal = mayString(raw.refusal, `${path}.refusal`)
  if (refusal !== undefined) parts.push({ type: 'refusal', text: refusal })
  if (raw.tool_calls !== undefined && raw.tool_calls !== null) parts.push(...readEach(raw.tool_calls, `${path}.tool_calls`, readToolCall))
  return parts
}

/** An empty string is no part: other formats refuse empty text. */
export function readContent(content: unknown, path: string): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return content === undefined || content === null ? [] : readParts(content, path)
}

/** Unknown fields, and how the known ones were spelled where that is not the usual way. */
function readExtra(raw: Json): Extra | undefined {
  // Nothing of Anthropic's calls is left in the content, and OpenAI refuses an empty array.
  const parts = recordsIn(raw.content)
  const isForeign = parts.length > 0 && parts.every(isAnthropicBlock)
  let extra = spelled(leftover(raw, KNOWN), { '~parts': Array.isArray(raw.content) && !isForeign })
  if (raw.content === '') extra = { ...extra, content: '' }
  if (Array.isArray(raw.tool_calls) && raw.tool_calls.length === 0) extra = { ...extra, tool_calls: [] }
  if (Array.isArray(raw.reasoning_details)) {
    if (raw.reasoning_content !== undefined) extra = { ...extra, reasoning_content: raw.reasoning_content }
    if (raw.reasoning !== undefined) extra = { ...extra, reasoning: raw.reasoning }
    if (raw.reasoning_details.length === 0) extra = { ...extra, reasoning_details: [] }
  }
  return extra
}

function readResult(raw: Json, content: readonly Part[], path: string): Part {
  const callId = needString(raw.tool_call_id, `${path}.tool_call_id`)
  return { type: 'tool-result', callId, parts: content, ...present({ name: mayString(raw.name, `${path}.name`) }) }
}
