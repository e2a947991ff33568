import type { Request, WireFormat } from '../canonical/index.js'
import { type Json, recordsIn } from '../kit/index.js'
import { codecFor } from '../wire/index.js'

/** A request body of any of the four formats, recognised by its shape. Throws E_BAD_REQUEST as its codec does. */
export function readAnyRequest(body: Json): Request {
  const format = guessFormat(body)
  const model = typeof body.model === 'string' ? body.model : 'auto'
  return codecFor(format).readRequest({ ...body, ...(format === 'gemini' ? {} : { model }) }, { headers: {}, urlModel: model })
}

/** `contents` is Gemini's and `input` Responses'; `messages` is Anthropic's where something only it has is there. */
export function guessFormat(body: Json): WireFormat {
  if (Array.isArray(body.contents)) return 'gemini'
  if (body.messages === undefined && body.input !== undefined) return 'openai-responses'
  const anthropic =
    body.system !== undefined || body.anthropic_version !== undefined || body.stop_sequences !== undefined || body.thinking !== undefined
  if (anthropic || recordsIn(body.tools).some((tool) => tool.input_schema !== undefined)) return 'anthropic-messages'
  const parts = recordsIn(body.messages).flatMap((message) => recordsIn(message.content))
  return parts.some(({ type }) => typeof type === 'string' && ANTHROPIC_PARTS.has(type)) ? 'anthropic-messages' : 'openai-chat'
}

const ANTHROPIC_PARTS = new Set(['tool_use', 'tool_result', 'thinking', 'redacted_thinking', 'document'])
