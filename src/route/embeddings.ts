import type { Request } from '../canonical/index.js'
import { Fault, isRecord } from '../kit/index.js'
import { type Codec, codecFor } from '../wire/index.js'

const chat = codecFor('openai-chat')

/**
 * `/v1/embeddings` as a chat format whose answer is passed on unchanged: the texts to embed are its messages, so that it is classified,
 * decided, priced and recorded like any call.
 */
export const embeddings: Codec = {
  ...chat,
  readRequest(value): Request {
    const body = value as { readonly model?: unknown; readonly input?: unknown; readonly user?: unknown }
    if (typeof body.model !== 'string' || body.model === '') throw missing('model', 'a string')
    const texts = typeof body.input === 'string' ? [body.input] : Array.isArray(body.input) ? body.input : null
    if (texts === null || texts.length === 0) throw missing('input', 'a string or a list')
    return {
      format: 'openai-chat',
      model: body.model,
      // A list of token numbers is as good as text for counting: one number, one token.
      messages: texts.map((t) => ({ role: 'user', parts: [{ type: 'text', text: typeof t === 'string' ? t : JSON.stringify(t) }] })),
      tools: [],
      sampling: {},
      stream: false,
    }
  },
  relayable: () => true,
  endpoint: () => '/embeddings',
  relaySplices: (body, target) => (body.model === target.name ? [] : [{ kind: 'model', value: target.name }]),
  readUsage: (body) => ({ ...chat.readUsage(body), output: 0 }),
  isReply: (body) => isRecord(body) && Array.isArray(body.data),
  // Vectors are not kept.
  readReply: (body) => ({ choices: [], usage: { ...chat.readUsage(body), output: 0 } }),
}

function missing(field: string, expected: string): Fault {
  return new Fault('E_BAD_REQUEST', `${field} must be ${expected}`, { param: field, final: true })
}
