import { dashedName } from './model-name.js'

/**
 * Tokens of a model's tokenizer per token of o200k, for mixed English text and code; the first pattern that matches. 1 where
 * nothing is published; the ledger learns the ratio from reported usage.
 */
const RATIOS: readonly (readonly [RegExp, number, source: string])[] = [
  // 1.0 to 1.35 times the older tokenizer by the vendor; 1.2 (prose) to 1.4 (code) measured, mean 1.3.
  [
    /^claude-(?:opus-4-[78]|opus-5|sonnet-5|fable|mythos|haiku-5)/,
    1.5,
    'Anthropic migration guide of Opus 4.7; pithwire.com "Measuring Claude 4.7\'s tokenizer costs"',
  ],
  // 16% (articles), 21% (mathematics) and 30% (Python) more tokens than GPT-4o.
  [/^claude/, 1.18, 'venturebeat.com, "Hidden costs in AI deployment", 2025-05-01'],
]

export function tokenizerRatioOf(name: string): number {
  const dashed = dashedName(name)
  return RATIOS.find(([pattern]) => pattern.test(dashed))?.[1] ?? 1
}
