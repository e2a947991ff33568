import type { Request } from '../../canonical/index.js'
import { isRecord, type Json, recordOf, recordsIn } from '../json.js'
import { readRequest as readResponses } from '../openai-responses/read-request.js'
import { isLegacyBody } from './legacy-functions.js'
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
