import type { ReplyContext } from '../wire/index.js'
import type { DecidedCall } from './call.js'

/** How an answer of another format is presented to this client: under the model name it asked for. */
export function replyContext(call: DecidedCall): ReplyContext {
  return {
    id: call.id,
    model: call.request.model,
    created: Math.floor(call.input.atMs / 1000),
    streamUsage: call.request.streamUsage ?? false,
    request: call.request,
    inputTokens: call.signals.inputTokens,
  }
}
