import type { Part, Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import { fromUpstream, isRecord, type Json, listOf, recordsIn } from '../json.js'
import { readStreamFault } from '../openai-fault.js'
import { replyHead } from '../reply-head.js'
import { readAssistantItem } from './read-item.js'
import { readStatus } from './status.js'
import { readUsage } from './usage.js'

export function isReply(body: unknown): body is Json {
  return isRecord(body) && Array.isArray(body.output)
}

/** A complete response. Throws E_UPSTREAM for anything else, and the response's own error when it failed. */
export function readReply(body: unknown): Reply {
  if (!isReply(body)) throw new Fault('E_UPSTREAM', 'The provider answered with something that is no response object.')
  if (body.status === 'failed') throw readStreamFault(body.error)
  const items = recordsIn(body.output)
  const parts: Part[] = fromUpstream(() => items.flatMap((item, i) => readAssistantItem(item, `output.${i}`)))
  const hasCalls = parts.some((p) => p.type === 'tool-call')
  const { reason, raw } = readStatus(body, hasCalls)
  const logprobs = items.flatMap((item) => recordsIn(item.content).flatMap((part) => listOf(part.logprobs)))
  return {
    choices: [{ parts, finish: reason, rawFinish: raw, ...(logprobs.length > 0 ? { logprobs } : {}) }],
    usage: readUsage(body),
    ...replyHead(body.id, body.model, body.created_at),
  }
}
