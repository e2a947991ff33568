import { NO_USAGE, totalInput, type Usage } from '../../canonical/index.js'
import { countOf, isRecord, type Json, present } from '../json.js'

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
