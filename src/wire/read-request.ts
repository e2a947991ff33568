import type { Request, WireFormat } from '../canonical/index.js'
import { readRequest as anthropicMessages } from './anthropic-messages/read-request.js'
import type { ReadContext } from './codec.js'
import { readRequest as gemini } from './gemini/read-request.js'
import { readRequest as openaiChat } from './openai-chat/read-request.js'
import { readRequest as openaiResponses } from './openai-responses/read-request.js'

const READ = { 'openai-chat': openaiChat, 'openai-responses': openaiResponses, 'anthropic-messages': anthropicMessages, gemini } as const

/** As the format's codec reads it. By itself, since a thread that reads logs needs no more, and codecs take three times as long to load. */
export function readRequest(format: WireFormat, body: unknown, context: ReadContext): Request {
  return READ[format](body, context)
}
