import { type Message, splitPrompt, type Usage } from '../canonical/index.js'
import { readFragment } from './conversation.js'
import { count, type Fields } from './fields.js'

/** Messages of Gemini contents (`{role, parts}`), as Gemini CLI and Qwen Code keep them. */
export function readParts(role: 'user' | 'model', parts: readonly unknown[]): readonly Message[] {
  return parts.length === 0 ? [] : readFragment('gemini', { contents: [{ role, parts }] })
}

/** `tool`: prompt tokens of tool results, if they are counted separately. */
type GeminiCounts = Readonly<Record<'prompt' | 'cached' | 'candidates' | 'thoughts' | 'tool' | 'total', number | null>>

/**
 * The prompt count includes cached tokens. Gemini counts thoughts outside the answer; the same fields filled from an OpenAI provider
 * include them: the total shows which.
 */
export function geminiUsage(c: GeminiCounts, raw: Fields): Usage {
  const prompt = splitPrompt(c.prompt, c.cached, null)
  const inside = c.total !== null && c.total === (c.prompt ?? 0) + (c.candidates ?? 0)
  return {
    ...prompt,
    input: prompt.input === null ? null : prompt.input + (c.tool ?? 0),
    output: c.candidates === null ? null : c.candidates + (inside ? 0 : (c.thoughts ?? 0)),
    reasoning: c.thoughts,
    raw,
  }
}

/** The counts of a Gemini `usageMetadata`. */
export function metadataCounts(usage: Fields): GeminiCounts {
  return {
    prompt: count(usage.promptTokenCount),
    cached: count(usage.cachedContentTokenCount),
    candidates: count(usage.candidatesTokenCount),
    thoughts: count(usage.thoughtsTokenCount),
    tool: count(usage.toolUsePromptTokenCount),
    total: count(usage.totalTokenCount),
  }
}
