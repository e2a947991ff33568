import { cacheable, type DecideInput } from '../policy/index.js'
import { stateOf } from './served.js'

/** Tokens of the model that its cache was expected to hold, sized as the prompt proved to be. */
export function expectedWarm(input: DecideInput, model: string, prompt: number): number {
  const state = stateOf(input, model)
  const warm = input.endogenous.warm.find((w) => w.model === model)
  if (state === undefined || warm === undefined) return 0
  return cacheable(Math.round((warm.tokens * prompt) / Math.max(1, input.signals.inputTokens)), state.rev.cache)
}
