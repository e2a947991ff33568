import type { Message, Part, Request, Tool } from '../canonical/index.js'
import { estimateTokens } from './estimate-tokens.js'

/** Tokens a message costs beside its content, and an image of unknown size. */
const PER_MESSAGE = 4
const PER_IMAGE = 765
const PER_LOW_IMAGE = 85
const PER_CALL = 8

function partTokens(part: Part): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return estimateTokens(part.text)
    case 'reasoning':
      return part.redacted === true ? 0 : estimateTokens(part.text)
    case 'image':
      return part.detail === 'low' ? PER_LOW_IMAGE : PER_IMAGE
    case 'file':
    case 'audio':
      // Base64 of a document or sound: its tokens cannot be counted without decoding; a page or ten seconds is about 3 KB of base64 per
      // token.
      return part.source.kind === 'base64' ? Math.ceil(part.source.data.length / 120) : PER_IMAGE
    case 'tool-call':
      return PER_CALL + estimateTokens(part.args)
    case 'tool-result': {
      let sum = PER_CALL
      for (const inner of part.parts) sum += partTokens(inner)
      return sum
    }
    case 'opaque':
      // Tools that ride in a message are read as the request's tools, and counted there.
      return part.kind === 'additional_tools' ? 0 : valueTokens(part.value)
  }
}

/** Messages are never changed, and each is counted several times: for signals, for digests, and by every later call of its conversation. */
const counted = new WeakMap<Message, number>()

/** Estimated tokens of one message with its framing. */
export function messageTokens(message: Message): number {
  const known = counted.get(message)
  if (known !== undefined) return known
  let sum = PER_MESSAGE
  for (const part of message.parts) sum += partTokens(part)
  counted.set(message, sum)
  return sum
}

/** Estimated tokens of one tool's declaration. */
export function toolTokens(tool: Tool): number {
  const declared = tool.type === 'function' ? tool.schema : tool.value
  return (
    PER_CALL + estimateTokens(tool.name) + (tool.type === 'function' ? estimateTokens(tool.description ?? '') : 0) + valueTokens(declared)
  )
}

/** Tokens of a JSON value as it would be written, without writing it. */
function valueTokens(value: unknown): number {
  if (typeof value === 'string') return 1 + estimateTokens(value)
  if (value === null || typeof value !== 'object') return 1
  let sum = 1
  if (Array.isArray(value)) for (const item of value) sum += valueTokens(item)
  else
    for (const key in value) {
      sum += 2 + valueTokens((value as Record<string, unknown>)[key])
    }
  return sum
}

/** Estimated tokens of the whole prompt; `envelope` is that of leading instructions and tools. */
export function requestTokens(request: Request, envelope: number): number {
  let sum = 3 + envelope
  let leading = true
  for (const message of request.messages) {
    leading &&= message.role === 'system' || message.role === 'developer'
    if (!leading) sum += messageTokens(message)
  }
  return sum
}
