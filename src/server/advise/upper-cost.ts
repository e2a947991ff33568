import { NO_USAGE } from '../../canonical/index.js'
import { costOf, type ModelRev } from '../../catalog/index.js'
import type { Nano } from '../../kit/index.js'

/** A prompt may hold this much more than was estimated. */
const PROMPT_MARGIN = 1.15

/** The most that a question can cost; null when the model is unpriced. */
export function upperCost(rev: ModelRev, inputTokens: number, outputTokens: number): Nano | null {
  return costOf({ ...NO_USAGE, input: Math.ceil(inputTokens * rev.tokenizerRatio * PROMPT_MARGIN), output: outputTokens }, rev.rates)
}
