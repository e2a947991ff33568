import { NO_USAGE, totalInput, type Usage } from '../../canonical/index.js'
import type { UsageTap } from '../codec.js'
import { countOf, isRecord, type Json, parseJson, present, recordOf, recordsIn } from '../json.js'
import { readFault } from './fault.js'
import { blockReason } from './finish-reason.js'

/**
 * `promptTokenCount` includes cached tokens, and results of built-in tools are prompt too; `thoughtsTokenCount` stands beside
 * `candidatesTokenCount`, so both are output. Zero counts are left out of the wire, as protocol buffers do: a prompt without
 * `cachedContentTokenCount` says nothing of a cache.
 */
export function readUsageMetadata(usage: unknown): Usage {
  if (!isRecord(usage)) return NO_USAGE
  const prompt = countOf(usage.promptTokenCount)
  const cached = countOf(usage.cachedContentTokenCount)
  const builtIn = countOf(usage.toolUsePromptTokenCount) ?? 0
  const thoughts = countOf(usage.thoughtsTokenCount)
  const total = countOf(usage.totalTokenCount)
  const candidates = countOf(usage.candidatesTokenCount)
  const said = candidates === null && thoughts === null ? null : (candidates ?? 0) + (thoughts ?? 0)
  return {
    input: prompt === null ? null : Math.max(0, prompt - (cached ?? 0)) + builtIn,
    cacheRead: cached,
    cacheWrite5m: null,
    cacheWrite1h: null,
    output: said ?? (prompt === null || total === null ? null : total - prompt - builtIn),
    reasoning: thoughts,
    raw: usage,
  }
}

/** What was not reported is left out: every count is optional in this format. */
export function writeUsage(usage: Usage): Json | undefined {
  const prompt = totalInput(usage)
  const { output, reasoning, cacheRead } = usage
  if (prompt === null && output === null) return undefined
  return present({
    promptTokenCount: prompt ?? undefined,
    candidatesTokenCount: output === null ? undefined : output - (reasoning ?? 0),
    totalTokenCount: (prompt ?? 0) + (output ?? 0),
    cachedContentTokenCount: cacheRead ?? undefined,
    thoughtsTokenCount: reasoning ?? undefined,
  })
}

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
