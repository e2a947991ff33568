import type { WireFormat } from '../canonical/index.js'
import type { ModelFacts } from './facts.js'
import { dashedName } from './model-name.js'
import type { CacheRule, Rates } from './types.js'

const FIVE_MINUTES = 300_000
const NONE: CacheRule = { mode: 'none', minTokens: 0, stepTokens: 1, ttlMs: 0 }

/**
 * How a model's prompt cache behaves. Anthropic caches at explicit breakpoints; OpenAI and Gemini cache automatically, OpenAI in steps of
 * 128 tokens. Of others only a cheaper rate for cached reads is known, which is assumed to work like OpenAI's.
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
