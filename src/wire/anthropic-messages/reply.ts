import type { Part, Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import type { ReplyContext } from '../codec.js'
import { fromUpstream, isRecord, type Json, leftover, mayString, present } from '../json.js'
import { answerId } from '../replies.js'
import { readBlocks } from './read-content.js'
import { readStopReason, writeStopReason } from './stop-reason.js'
import { readUsageObject, writeUsage } from './usage.js'
import { writeBlock } from './write-content.js'

const KNOWN = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage'])

export function isReply(body: unknown): body is Json {
  return isRecord(body) && Array.isArray(body.content)
}

/** A complete answer. A body without content is the provider's fault, not the client's. */
export function readReply(body: unknown): Reply {
  if (!isReply(body)) {
    throw new Fault('E_UPSTREAM', 'The provider answered with something that is not a message.', {
      hint: 'Check its wire format and base URL.',
    })
  }
  return fromUpstream(() => readMessage(body))
}

function readMessage(body: Json): Reply {
  const raw = mayString(body.stop_reason, 'stop_reason')
  return {
    choices: [
      {
        parts: readBlocks(body.content, 'content'),
        finish: raw === undefined ? 'other' : readStopReason(raw),
        ...present({ rawFinish: raw, stopSequence: mayString(body.stop_sequence, 'stop_sequence') }),
      },
    ],
    usage: readUsageObject(body.usage),
    ...present({ id: mayString(body.id, 'id'), model: mayString(body.model, 'model'), extra: leftover(body, KNOWN) }),
  }
}

/** A complete answer; of several choices the first, since this format has only one. */
export function writeReply(reply: Reply, context: ReplyContext): Json {
  const choice = reply.choices[0]
  const parts = choice?.parts ?? []
  const content = parts.flatMap(replyBlocks)
  return {
    id: answerId('msg_', context.id),
    type: 'message',
    role: 'assistant',
    model: context.model,
    content,
    stop_reason: writeStopReason(choice?.finish ?? 'other', choice?.rawFinish, new Set(parts.map((part) => part.type))),
    stop_sequence: choice?.stopSequence ?? null,
    usage: writeUsage(reply.usage, context, JSON.stringify(content).length),
  }
}

/**
 * A call signed by its vendor (Gemini) is led by an empty thinking block with that signature: clients give such blocks back
 * as they came, and the signature with them. Reasoning nobody signed has an empty signature, since SDKs expect the field.
 */
function replyBlocks(part: Part): Json[] {
  const block = writeBlock(part)
  if (block === undefined) return []
  if (part.type === 'reasoning' && !part.redacted && part.signature === undefined) return [{ ...block, signature: '' }]
  if (part.type === 'tool-call' && part.signature !== undefined) return [signatureBlock(part.signature), block]
  return [block]
}

export function signatureBlock(signature: string): Json {
  return { type: 'thinking', thinking: '', signature }
}
