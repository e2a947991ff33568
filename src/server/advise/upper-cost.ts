import { NO_USAGE } from '../../canonical/index.js'
import { costOf, type ModelRev } from '../../catalog/index.js'
import type { Nano } from '../../kit/index.js'
import { PROMPT_MARGIN } from '../../policy/index.js'

/** The most that a question can cost; null when the model is unpriced. */
export function upperCost(rev: ModelRev, inputTokens: number, outputTokens: number): Nano | null {
  return costOf({ ...NO_USAGE, input: Math.ceil(inputTokens * rev.tokenizerRatio * PROMPT_MARGIN), output: outputTokens }, rev.rates)
}
