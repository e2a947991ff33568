/**
 * What a call consumed, in disjoint kinds that can each be priced. `null` means "not reported"; a codec never fakes a 0.
 * OpenAI's prompt_tokens includes cached reads and Anthropic's input_tokens does not; here the kinds never overlap.
 */
export interface Usage {
  /** Prompt tokens neither read from nor written to a cache. */
  readonly input: number | null
  readonly cacheRead: number | null
  readonly cacheWrite5m: number | null
  readonly cacheWrite1h: number | null
  /** All generated tokens, reasoning included. */
  readonly output: number | null
  /** The part of `output` spent on reasoning. */
  readonly reasoning: number | null
  /** The provider's own usage object, unchanged. */
  readonly raw?: unknown
}

export const NO_USAGE: Usage = { input: null, cacheRead: null, cacheWrite5m: null, cacheWrite1h: null, output: null, reasoning: null }

/** Total prompt tokens of all kinds; null when the provider said nothing about the prompt. */
export function totalInput(u: Usage): number | null {
  if (u.input === null && u.cacheRead === null && u.cacheWrite5m === null && u.cacheWrite1h === null) return null
  return (u.input ?? 0) + (u.cacheRead ?? 0) + (u.cacheWrite5m ?? 0) + (u.cacheWrite1h ?? 0)
}

/** A count of prompt tokens that includes those read from a cache and written to it, as kinds that do not overlap. */
export function splitPrompt(
  prompt: number | null,
  cacheRead: number | null,
  cacheWrite: number | null,
): Pick<Usage, 'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h'> {
  const input = prompt === null ? null : Math.max(0, prompt - (cacheRead ?? 0) - (cacheWrite ?? 0))
  return { input, cacheRead, cacheWrite5m: cacheWrite, cacheWrite1h: null }
}

/** Later reports override earlier ones kind by kind (Anthropic reports input at the start, output at the end). */
export function mergeUsage(a: Usage, b: Usage): Usage {
  return {
    input: b.input ?? a.input,
    cacheRead: b.cacheRead ?? a.cacheRead,
    cacheWrite5m: b.cacheWrite5m ?? a.cacheWrite5m,
    cacheWrite1h: b.cacheWrite1h ?? a.cacheWrite1h,
    output: b.output ?? a.output,
    reasoning: b.reasoning ?? a.reasoning,
    ...(b.raw !== undefined || a.raw !== undefined ? { raw: b.raw ?? a.raw } : {}),
  }
}
