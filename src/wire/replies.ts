import type { Reply, Usage } from '../canonical/index.js'
import { Fault } from '../kit/index.js'
import { present } from './json.js'

/** Which answer it is, whose and of when, as far as an answer or the first event of a stream says. */
export function replyHead(id: unknown, model: unknown, created?: unknown): Pick<Reply, 'id' | 'model' | 'created'> {
  return present({
    id: typeof id === 'string' ? id : undefined,
    model: typeof model === 'string' ? model : undefined,
    created: typeof created === 'number' ? created : undefined,
  })
}

/**
 * An answer's id with its vendor's usual prefix: some clients use it to recognise the format. An id that already has the prefix is
 * unchanged.
 */
export function answerId(prefix: 'chatcmpl-' | 'msg_' | 'resp_', id: string): string {
  return id.startsWith(prefix) ? id : prefix + id
}

/**
 * The fault of an answer that its provider broke off by a reason of its own: DeepSeek's `insufficient_system_resource`, Gemini's
 * `MALFORMED_FUNCTION_CALL`. Other formats have no such reason, and their clients would take what came for the whole answer.
 */
export function brokenOff(reason: string): Fault {
  return new Fault('E_UPSTREAM', `the provider broke off its answer: ${reason}`)
}

/** Throws for such an answer, after reporting its usage. */
export function needWhole(reply: Reply, spent: (usage: Usage) => void): Reply {
  const broken = reply.choices.find((choice) => choice.finish === 'error')
  if (broken === undefined) return reply
  spent(reply.usage)
  throw brokenOff(broken.rawFinish ?? 'error')
}
