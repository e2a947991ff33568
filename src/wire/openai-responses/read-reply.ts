import type { Part, Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import { fromUpstream, isRecord, type Json, present } from '../json.js'
import { readStreamFault } from '../openai-fault.js'
import { readAssistantItem } from './read-item.js'
import { readStatus } from './status.js'
import { readUsage } from './usage.js'

/** A complete response. Throws E_UPSTREAM for anything else, and the response's own error when it failed. */
export function readReply(body: unknown): Reply {
  if (!isRecord(body) || !Array.isArray(body.output))
    throw new Fault('E_UPSTREAM', 'The provider answered with something that is no response object.')
  if (body.status === 'failed') throw readStreamFault(body.error)
  const items = (body.output as unknown[]).filter(isRecord)
  const parts: Part[] = fromUpstream(() => items.flatMap((item, i) => readAssistantItem(item, `output.${i}`)))
  const { reason, raw } = readStatus(
    body,
    parts.some((p) => p.type === 'tool-call'),
  )
  const logprobs = items.flatMap(logprobsOf)
  return {
    choices: [{ parts, finish: reason, rawFinish: raw, ...(logprobs.length > 0 ? { logprobs } : {}) }],
    usage: readUsage(body),
    ...present({
      id: typeof body.id === 'string' ? body.id : undefined,
      model: typeof body.model === 'string' ? body.model : undefined,
      created: typeof body.created_at === 'number' ? body.created_at : undefined,
    }),
  }
}

function logprobsOf(item: Json): unknown[] {
  if (!Array.isArray(item.content)) return []
  return (item.content as unknown[]).flatMap((part) => (isRecord(part) && Array.isArray(part.logprobs) ? (part.logprobs as unknown[]) : []))
}
