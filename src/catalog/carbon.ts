import { dashedName } from './model-name.js'

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
