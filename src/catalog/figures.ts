/** Figures of a model as published or guessed, until the ledger has its own: tokenizer ratio, carbon and speed. */
import { usdPerMTok } from '../kit/index.js'
import { SPEED_REGRESSION } from './data/model-facts.data.js'
import type { ModelFacts } from './facts.js'
import { dashedName } from './model-name.js'
import type { ModelRev, Rates } from './types.js'

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

/**
 * Grams CO2e per million output tokens where a source gives a figure per answer of known length. Few do, with unlike boundaries
 * (a life-cycle analysis counts hardware, an estimate from latency does not): compare with care, or configure `carbon` per model.
 */
const GRAMS: readonly (readonly [RegExp, number, source: string])[] = [
  // 1.14 g for an answer of 400 tokens, upstream hardware included.
  [/^mistral-large-(?:2-?)?24\d\d/, 2850, 'Mistral AI with Carbone 4 and ADEME, life-cycle analysis of Mistral Large 2, July 2025'],
  // 0.42 Wh for an answer of 300 tokens, at Azure's 0.35 kg CO2e per kWh.
  [/^gpt-4o(?:-2024|$)/, 490, 'Jegham et al., "How Hungry is AI?", arXiv:2505.09598'],
]

/** Null when there is no published figure that can be converted to one per token. */
export function carbonOf(name: string): number | null {
  const dashed = dashedName(name)
  return GRAMS.find(([pattern]) => pattern.test(dashed))?.[1] ?? null
}

/** Speed before anything is measured: published figures, else what models of that price do (expensive ones are slower). */
export function speedOf(facts: ModelFacts | null, rates: Rates | null): ModelRev['speed'] {
  if (facts?.speed) return { ttftMs: facts.speed[0], tokensPerSecond: facts.speed[1] }
  const price = Math.min(60, Math.max(0.05, usdPerMTok(rates?.output ?? null) ?? 1))
  const { slope, intercept, ttftMs } = SPEED_REGRESSION
  return { ttftMs, tokensPerSecond: Math.round(10 ** (intercept + slope * Math.log10(price))) }
}
