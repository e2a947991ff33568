import type { Reply } from '../../canonical/index.js'
import type { ReplyContext } from '../codec.js'
import type { Json } from '../json.js'
import { callSignatureItem, itemOfPart, messageItem, responseOf, textContent } from './output-item.js'
import { writeStatus } from './status.js'
import { writeUsage } from './usage.js'

/** A complete answer as a response object. The format has one choice; further ones are left out. */
export function writeReply(reply: Reply, context: ReplyContext): Json {
  const choice = reply.choices[0]
  const output: Json[] = []
  let logprobs = choice?.logprobs
  for (const part of choice?.parts ?? []) {
    // An item's id is that of its place, as in a stream.
    if (part.type === 'tool-call' && part.signature) output.push(callSignatureItem(context, output.length, part.signature))
    const item = itemOfPart(part, context, output.length)
    if (item === null) continue
    if (part.type === 'text' && logprobs !== undefined) {
      output.push(messageItem(String(item.id), [textContent(part.text, logprobs)]))
      logprobs = undefined
    } else output.push(item)
  }
  return responseOf(context, { ...writeStatus(choice?.finish ?? 'stop'), output, usage: writeUsage(reply.usage) })
}
