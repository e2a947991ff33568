import type { Part, Reply } from '../../canonical/index.js'
import type { ReplyContext } from '../codec.js'
import { type Json, present } from '../json.js'
import { writeFinishReason } from './finish-reason.js'
import { writeLogprobs } from './logprobs.js'
import { writeUsage } from './usage.js'
import { writeParts } from './write-part.js'

export function writeReply(reply: Reply, context: ReplyContext): Json {
  return {
    candidates: reply.choices.map((choice, index) => ({
      content: { parts: writeParts(choice.parts.filter(isShown)), role: 'model' },
      finishReason: writeFinishReason(choice.finish, choice.rawFinish),
      index,
      ...present({ logprobsResult: choice.logprobs === undefined ? undefined : writeLogprobs(choice.logprobs) }),
    })),
    ...present({ usageMetadata: writeUsage(reply.usage) }),
    modelVersion: context.model,
    responseId: context.id,
  }
}

/** Redacted reasoning has no form here: sent as a thought it would be an unsigned one. */
function isShown(part: Part): boolean {
  return part.type !== 'reasoning' || part.redacted !== true
}
