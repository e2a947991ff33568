import { mayBoolean, mayNumber, mayRecord, mayStrings } from '../json.js'
import type { SamplingField } from '../sampling.js'

export const SAMPLING: readonly SamplingField[] = [
  ['temperature', 'temperature', mayNumber],
  ['topP', 'top_p', mayNumber],
  ['topK', 'top_k', mayNumber],
  ['frequencyPenalty', 'frequency_penalty', mayNumber],
  ['presencePenalty', 'presence_penalty', mayNumber],
  ['seed', 'seed', mayNumber],
  ['stop', 'stop', (value, param) => (typeof value === 'string' ? [value] : mayStrings(value, param))],
  ['logprobs', 'logprobs', mayBoolean],
  ['topLogprobs', 'top_logprobs', mayNumber],
  ['logitBias', 'logit_bias', mayRecord],
  ['n', 'n', mayNumber],
]
