import type { WireFormat } from '../canonical/index.js'
import type { ModelFacts } from './facts.js'
import { dashedName } from './model-name.js'
import type { CacheRule, Rates } from './types.js'

const FIVE_MINUTES = 300_000
const NONE: CacheRule = { mode: 'none', minTokens: 0, stepTokens: 1, ttlMs: 0 }

/**
 * How a model's prompt cache behaves. Anthropic caches where it is told to; OpenAI and Gemini by themselves, OpenAI in steps of 128 tokens;
 * of others it is known only that a cheaper rate for cached reads is listed, which is taken to mean the same as OpenAI's.
 */
export function cacheRuleOf(model: {
  readonly name: string
  readonly wire: WireFormat
  readonly facts: ModelFacts | null
  readonly rates: Rates | null
}): CacheRule {
  const { wire, facts, rates } = model
  if (wire === 'anthropic-messages' || dashedName(model.name).startsWith('claude'))
    return { mode: 'explicit', minTokens: facts?.cacheMin ?? 1024, stepTokens: 1, ttlMs: FIVE_MINUTES }
  if (wire === 'gemini') return { mode: 'automatic', minTokens: facts?.cacheMin ?? 2048, stepTokens: 1, ttlMs: FIVE_MINUTES }
  const cheaper = rates !== null && rates.cacheRead !== null && rates.input !== null && rates.cacheRead < rates.input
  if (!cheaper && facts?.cacheMin == null) return NONE
  return { mode: 'automatic', minTokens: facts?.cacheMin ?? 1024, stepTokens: 128, ttlMs: FIVE_MINUTES }
}
