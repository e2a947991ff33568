import { NO_USAGE, splitPrompt, totalInput, type Usage } from '../../canonical/index.js'
import { countOf, isRecord, type Json, recordOf } from '../json.js'

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
