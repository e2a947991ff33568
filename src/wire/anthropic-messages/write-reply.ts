import type { Part, Reply } from '../../canonical/index.js'
import type { ReplyContext } from '../codec.js'
import type { Json } from '../json.js'
import { answerId } from '../reply-head.js'
import { writeStopReason } from './stop-reason.js'
import { writeUsage } from './usage.js'
import { writeBlock } from './write-content.js'

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
