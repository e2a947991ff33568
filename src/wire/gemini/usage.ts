import { NO_USAGE, totalInput, type Usage } from '../../canonical/index.js'
import { isRecord, type Json, present } from '../json.js'

/**
 * `promptTokenCount` includes cached tokens, and results of built-in tools are prompt too; `thoughtsTokenCount` stands beside
 * `candidatesTokenCount`, so both are output. Zero counts are left out of the wire, as protocol buffers do: a prompt without
 * `cachedContentTokenCount` says nothing of a cache.
 */
export function readUsageMetadata(usage: unknown): Usage {
  if (!isRecord(usage)) return NO_USAGE
  const prompt = count(usage.promptTokenCount)
  const cached = count(usage.cachedContentTokenCount)
  const builtIn = count(usage.toolUsePromptTokenCount) ?? 0
  const thoughts = count(usage.thoughtsTokenCount)
  const total = count(usage.totalTokenCount)
  const candidates = count(usage.candidatesTokenCount)
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

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
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
