import { NO_USAGE, splitPrompt, totalInput, type Usage } from '../../canonical/index.js'
import { isRecord, type Json } from '../json.js'

/** Usage of a response in disjoint kinds: `input_tokens` includes cached reads and writes, `output_tokens` includes reasoning. */
export function readUsage(body: unknown): Usage {
  const raw = isRecord(body) ? body.usage : undefined
  return isRecord(raw) ? usageOf(raw) : NO_USAGE
}

function usageOf(raw: Json): Usage {
  const input = count(raw.input_tokens)
  const details: Json = isRecord(raw.input_tokens_details) ? raw.input_tokens_details : {}
  const out: Json = isRecord(raw.output_tokens_details) ? raw.output_tokens_details : {}
  const cacheRead = count(details.cached_tokens)
  const cacheWrite = count(details.cache_write_tokens)
  return {
    ...splitPrompt(input, cacheRead, cacheWrite),
    output: count(raw.output_tokens),
    reasoning: count(out.reasoning_tokens),
    raw,
  }
}

/** The usage object as clients read it, who rely on its details; null when nothing is known, as an unfinished response has it. */
export function writeUsage(usage: Usage): Json | null {
  const input = totalInput(usage)
  const { output, reasoning, cacheRead, cacheWrite5m, cacheWrite1h } = usage
  if (input === null && output === null) return null
  const written: Record<string, unknown> = {}
  if (input !== null) {
    written.input_tokens = input
    const writes = cacheWrite5m === null && cacheWrite1h === null ? {} : { cache_write_tokens: (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0) }
    written.input_tokens_details = { cached_tokens: cacheRead ?? 0, ...writes }
  }
  if (output !== null) {
    written.output_tokens = output
    written.output_tokens_details = { reasoning_tokens: reasoning ?? 0 }
  }
  if (input !== null && output !== null) written.total_tokens = input + output
  return written
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
