import type { Request } from '../../canonical/index.js'
import { isSpelled } from '../extra.js'
import { isRecord, type Json, needRecord, needString, readEach, recordOf, recordsIn } from '../json.js'
import { readRequest as readResponses } from '../openai-responses/read-request.js'
import { isThinkingChunk } from './reasoning.js'
import { isFlatTool } from './tools.js'

/**
 * What Cursor (2026) posts to `/chat/completions` besides chat: Responses bodies (`input`, flat tools), and Anthropic's tools
 * and blocks inside chat messages. They are read, answered as chat, and never relayed.
 */
const BLOCKS: ReadonlySet<unknown> = new Set(['tool_use', 'tool_result', 'thinking', 'redacted_thinking', 'image', 'document'])

const OWN_CHOICES: ReadonlySet<string> = new Set(['function', 'custom', 'allowed_tools'])

export function isResponsesBody(body: Json): boolean {
  return body.messages === undefined && body.input !== undefined
}

/** A Responses body as a request of that format; whether a usage chunk is wanted is said in chat's way. */
export function readResponsesBody(body: Json): Request {
  const { stream_options, ...rest } = body
  const { include_usage: usage, ...options } = recordOf(stream_options)
  const request = readResponses(Object.keys(options).length === 0 ? rest : { ...rest, stream_options: options })
  return typeof usage === 'boolean' ? { ...request, streamUsage: usage } : request
}

export function isAnthropicBlock(part: Json): boolean {
  return BLOCKS.has(part.type) && !isThinkingChunk(part)
}

/** A `tool_choice` of Anthropic, or of Responses, which does not nest the name. */
export function isForeignChoice(choice: Json): boolean {
  if (choice.type === 'auto' || choice.type === 'any' || choice.type === 'none' || choice.type === 'tool') return true
  return typeof choice.type === 'string' && OWN_CHOICES.has(choice.type) && choice[choice.type] === undefined
}

/** False for bodies that no chat upstream would accept unchanged. */
export function isChatBody(body: Json): boolean {
  if (isResponsesBody(body) || isLegacyBody(body)) return false
  if (recordsIn(body.tools).some(isFlatTool)) return false
  if (isRecord(body.tool_choice) && isForeignChoice(body.tool_choice)) return false
  return !recordsIn(body.messages).some(({ content }) => recordsIn(content).some(isAnthropicBlock))
}

/**
 * `functions` and `function_call`, which `tools` and `tool_calls` replaced in 2023 and older programs still send. They are read
 * as tools, so that every provider can serve them, and answered in the old shape, which has room for one call.
 */
export function isLegacyBody(body: Json): boolean {
  if (body.functions != null || body.function_call != null) return true
  return recordsIn(body.messages).some((message) => message.role === 'function' || message.function_call != null)
}

/** Whether the answer to this request is to be given in the old shape. */
export function wantsLegacy(request: Request | undefined): boolean {
  return isSpelled(request?.extra, '~functions')
}

/** The body as it would be written today. */
export function modernBody(body: Json): Json {
  const { functions, function_call: choice, ...rest } = body
  const modern: Record<string, unknown> = { ...rest, messages: modernMessages(body.messages) }
  if (functions != null) {
    const tools = readEach(functions, 'functions', (declared, path) => {
      needString(declared.name, `${path}.name`)
      return { type: 'function', function: declared }
    })
    if (tools.length > 0) Object.assign(modern, { tools, parallel_tool_calls: false })
  }
  if (typeof choice === 'string') modern.tool_choice = choice
  else if (choice != null) {
    const name = needString(needRecord(choice, 'function_call').name, 'function_call.name')
    modern.tool_choice = { type: 'function', function: { name } }
  }
  return modern
}

/** Calls get ids by their place; a result belongs to the call before it. */
function modernMessages(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages
  let id = 'call_0'
  return messages.map((message: unknown, i) => {
    if (!isRecord(message)) return message
    if (message.role === 'function') return { ...message, role: 'tool', tool_call_id: id }
    if (message.function_call == null) return message
    const { function_call: call, ...rest } = message
    id = `call_${i}`
    return { ...rest, tool_calls: [{ id, type: 'function', function: needRecord(call, `messages.${i}.function_call`) }] }
  })
}
