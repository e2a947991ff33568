import { mayBoolean, mayNumber, mayStrings } from '../json.js'
import type { SamplingField } from '../sampling.js'

/** Within `generationConfig`. */
export const SAMPLING: readonly SamplingField[] = [
  ['temperature', 'temperature', mayNumber],
  ['topP', 'topP', mayNumber],
  ['topK', 'topK', mayNumber],
  ['frequencyPenalty', 'frequencyPenalty', mayNumber],
  ['presencePenalty', 'presencePenalty', mayNumber],
  ['seed', 'seed', mayNumber],
  ['stop', 'stopSequences', mayStrings],
  ['logprobs', 'responseLogprobs', mayBoolean],
  ['topLogprobs', 'logprobs', mayNumber],
  ['n', 'candidateCount', mayNumber],
]
