import { NO_USAGE, splitPrompt, totalInput, type Usage } from '../../canonical/index.js'
import type { UsageTap } from '../codec.js'
import { countAfter } from '../count-output.js'
import { countOf, isRecord, type Json, parseJson, recordOf } from '../json.js'
import { readStreamFault } from '../openai-fault.js'
import { readStatus } from './status.js'

/** Usage of a response in disjoint kinds: `input_tokens` includes cached reads and writes, `output_tokens` includes reasoning. */
export function readUsage(body: unknown): Usage {
  const raw = recordOf(body).usage
  if (!isRecord(raw)) return NO_USAGE
  const details = recordOf(raw.input_tokens_details)
  return {
    ...splitPrompt(countOf(raw.input_tokens), countOf(details.cached_tokens), countOf(details.cache_write_tokens)),
    output: countOf(raw.output_tokens),
    reasoning: countOf(recordOf(raw.output_tokens_details).reasoning_tokens),
    raw,
  }
}

/**
 * The usage object as clients read it, who rely on each of its counts: the ai SDK reports an event that lacks one as an error. Null where one
 * is not known, as an unfinished response has it.
 */
export function writeUsage(usage: Usage): Json | null {
  const input = totalInput(usage)
  const { output, reasoning, cacheRead, cacheWrite5m, cacheWrite1h } = usage
  if (input === null || output === null) return null
  const writes = cacheWrite5m === null && cacheWrite1h === null ? {} : { cache_write_tokens: (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0) }
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cacheRead ?? 0, ...writes },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning ?? 0 },
    total_tokens: input + output,
  }
}

/** Only the first events and the last hold a response. */
const MATTERS = /"response":\s*\{|event: error|"type":\s*"error"/

/** Usage of a relayed Responses stream: it stands in the last event. */
export function usageTap(): UsageTap {
  let usage: Usage = NO_USAGE
  const seen: UsageTap['seen'] = { done: false, outputChars: 0 }
  return {
    seen,
    usage: () => usage,
    skim(bytes) {
      const text = bytes.toString('latin1')
      if (MATTERS.test(text)) return true
      seen.outputChars += countAfter(text, '"delta":')
      return false
    },
    see(event) {
      const value = parseJson(event.data)
      if (!isRecord(value)) return false
      if (typeof value.delta === 'string') seen.outputChars += value.delta.length
      if (value.type === 'error') seen.error = readStreamFault(isRecord(value.error) ? value.error : value)
      const { response } = value
      if (!isRecord(response)) return false
      if (typeof response.model === 'string') seen.model = response.model
      if (isRecord(response.usage)) usage = readUsage(response)
      if (isRecord(response.error)) seen.error = readStreamFault(response.error)
      if (value.type === 'response.completed' || value.type === 'response.incomplete' || value.type === 'response.failed') {
        seen.finish = readStatus(response, false).raw
        seen.done = true
      }
      return false
    },
  }
}
