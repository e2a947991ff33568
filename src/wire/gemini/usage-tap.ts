import { NO_USAGE, type Usage } from '../../canonical/index.js'
import type { UsageTap } from '../codec.js'
import { isRecord, parseJson, recordOf, recordsIn } from '../json.js'
import { readFault } from './fault.js'
import { blockReason } from './read-reply.js'
import { readUsageMetadata } from './usage.js'

/** Reads a relayed stream: every event repeats the usage so far, the last one counts. */
export function usageTap(): UsageTap {
  let usage: Usage = NO_USAGE
  const seen: UsageTap['seen'] = { done: false, outputChars: 0 }
  return {
    seen,
    usage: () => usage,
    see({ data }) {
      const chunk = parseJson(data)
      if (!isRecord(chunk)) return false
      if (isRecord(chunk.error)) seen.error = readFault(200, {}, chunk)
      if (chunk.usageMetadata !== undefined) usage = readUsageMetadata(chunk.usageMetadata)
      if (typeof chunk.modelVersion === 'string') seen.model = chunk.modelVersion
      const blocked = blockReason(chunk)
      if (blocked !== undefined) {
        seen.finish = blocked
        seen.done = true
      }
      for (const candidate of recordsIn(chunk.candidates)) {
        const content = recordOf(candidate.content)
        for (const part of recordsIn(content.parts)) {
          seen.outputChars += typeof part.text === 'string' ? part.text.length : JSON.stringify(part).length
        }
        if (typeof candidate.finishReason === 'string') {
          seen.finish = candidate.finishReason
          seen.done = true
        }
      }
      return false
    },
  }
}
