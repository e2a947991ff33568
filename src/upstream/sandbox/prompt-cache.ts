import type { CacheRule } from '../../catalog/types.js'
import { forgetOldest, hashText } from '../../kit/index.js'
import { countTokens } from './prose.js'

export type PromptCache = ReturnType<typeof createPromptCache>

const MOST_ENTRIES = 20_000

/** A simulated prompt cache: prefixes of whole messages seen within the rule's time to live, by model. */
export function createPromptCache() {
  const until = new Map<string, number>()
  return {
    /** Prompt tokens, and how many of them were read from the cache; afterwards the prompt is cached. */
    read(model: string, texts: readonly string[], rule: CacheRule, nowMs: number) {
      let tokens = 0
      let cached = 0
      let chain = 0x811c9dc5
      const keys: string[] = []
      for (const text of texts) {
        tokens += countTokens(text) + 3
        chain = hashText(text, chain)
        if (rule.mode === 'none' || tokens < rule.minTokens) continue
        const key = `${model} ${chain} ${tokens}`
        if ((until.get(key) ?? 0) > nowMs) cached = tokens - (tokens % rule.stepTokens)
        keys.push(key)
      }
      for (const key of keys) {
        // Deleted first, so that the map stays in order of use and the oldest can go.
        until.delete(key)
        until.set(key, nowMs + rule.ttlMs)
      }
      forgetOldest(until, MOST_ENTRIES)
      return { tokens, cached }
    },
  }
}
