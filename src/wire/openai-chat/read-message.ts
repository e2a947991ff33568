import type { Extra, Message, Part, ReasoningPart, Role } from '../../canonical/index.js'
import { spelled } from '../extra.js'
import { badField, type Json, leftover, mayString, needRecord, needSome, needString, present, readEach } from '../json.js'
import { splitResults } from '../split-results.js'
import { readParts } from './parts.js'
import { readToolCalls } from './tool-calls.js'

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
  const messages: Message[] = []
  for (const [i, raw] of needSome(value, 'messages').entries()) {
    const path = `messages.${i}`
    const read = readMessage(needRecord(raw, path), path)
    if (Array.isArray(read)) messages.push(...read)
    else messages.push(read)
  }
  return messages
}

function readMessage(raw: Json, path: string): Message | Message[] {
  const role = readRole(raw, path)
  const extra = readExtra(raw)
  const content = readContent(raw.content, `${path}.content`)
  const parts = role === 'tool' ? [readResult(raw, content, path)] : role === 'assistant' ? readAssistant(raw, content, path) : content
  const name = role === 'tool' ? undefined : mayString(raw.name, `${path}.name`)
  const isPlain = name === undefined && extra === undefined
  const message: Message = isPlain ? { role, parts } : { role, parts, ...present({ name, extra }) }
  return role === 'user' && parts.some((part) => part.type === 'tool-result') ? splitResults(message) : message
}

/** The parts of an assistant's message, in a request or an answer. */
export function readAssistant(raw: Json, content: readonly Part[], path: string): Part[] {
  const parts: Part[] = readReasoning(raw, path)
  for (const part of content) parts.push(part)
  const refusal = mayString(raw.refusal, `${path}.refusal`)
  if (refusal !== undefined) parts.push({ type: 'refusal', text: refusal })
  if (raw.tool_calls !== undefined && raw.tool_calls !== null) parts.push(...readToolCalls(raw.tool_calls, `${path}.tool_calls`))
  return parts
}

/** An empty string is no part: other formats refuse empty text. */
export function readContent(content: unknown, path: string): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return content === undefined || content === null ? [] : readParts(content, path)
}

/** Unknown fields, and how the known ones were spelled where that is not the usual way. */
function readExtra(raw: Json): Extra | undefined {
  let extra = spelled(leftover(raw, KNOWN), { '~parts': Array.isArray(raw.content) })
  if (raw.content === '') extra = { ...extra, content: '' }
  if (Array.isArray(raw.tool_calls) && raw.tool_calls.length === 0) extra = { ...extra, tool_calls: [] }
  if (Array.isArray(raw.reasoning_details)) {
    if (raw.reasoning_content !== undefined) extra = { ...extra, reasoning_content: raw.reasoning_content }
    if (raw.reasoning !== undefined) extra = { ...extra, reasoning: raw.reasoning }
    if (raw.reasoning_details.length === 0) extra = { ...extra, reasoning_details: [] }
  }
  return extra
}

function readRole(raw: Json, path: string): Role {
  switch (raw.role) {
    case 'system':
    case 'developer':
    case 'user':
    case 'assistant':
    case 'tool':
      return raw.role
    default:
      throw badField(`${path}.role`, '"system", "developer", "user", "assistant" or "tool"', raw.role)
  }
}

function readResult(raw: Json, content: readonly Part[], path: string): Part {
  const callId = needString(raw.tool_call_id, `${path}.tool_call_id`)
  return { type: 'tool-result', callId, parts: content, ...present({ name: mayString(raw.name, `${path}.name`) }) }
}

/**
 * Three spellings are in use: `reasoning_content` (DeepSeek and most servers), `reasoning` (OpenRouter, vLLM) and OpenRouter's
 * `reasoning_details`, the only one with signatures, which repeats the text of the others.
 */
function readReasoning(raw: Json, path: string): Part[] {
  if (Array.isArray(raw.reasoning_details) && raw.reasoning_details.length > 0) {
    return readEach(raw.reasoning_details, `${path}.reasoning_details`, readDetail)
  }
  const parts: Part[] = []
  const content = mayString(raw.reasoning_content, `${path}.reasoning_content`)
  if (content !== undefined) parts.push({ type: 'reasoning', text: content })
  const plain = typeof raw.reasoning === 'string' ? raw.reasoning : undefined
  if (plain !== undefined) parts.push({ type: 'reasoning', text: plain, extra: { '~reasoning': true } })
  return parts
}

function readDetail(item: Json): Part {
  return { ...reasoningOfDetail(item), extra: { '~details': item } }
}

/** One entry of `reasoning_details`: text, a summary, or encrypted data. */
export function reasoningOfDetail(item: Json): ReasoningPart {
  const text = typeof item.text === 'string' ? item.text : typeof item.summary === 'string' ? item.summary : ''
  if (typeof item.data === 'string') return { type: 'reasoning', text, signature: item.data, redacted: true }
  return typeof item.signature === 'string' ? { type: 'reasoning', text, signature: item.signature } : { type: 'reasoning', text }
}
