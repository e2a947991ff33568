import type { Sampling } from '../canonical/index.js'
import { type Json, mayBoolean, mayNumber, mayRecord, mayStrings } from './json.js'

/** A sampling setting in one format: its neutral name, the field's name, and how that is read. */
export type SamplingField = readonly [name: keyof Sampling, field: string, read: (value: unknown, param: string) => unknown]

export const CHAT_SAMPLING: readonly SamplingField[] = [
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

export const MESSAGES_SAMPLING: readonly SamplingField[] = [
  ['temperature', 'temperature', mayNumber],
  ['topP', 'top_p', mayNumber],
  ['topK', 'top_k', mayNumber],
  ['stop', 'stop_sequences', mayStrings],
]

/** Within `generationConfig`. */
export const GEMINI_SAMPLING: readonly SamplingField[] = [
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

/** `path` stands before the fields' names in errors. */
export function readSampling(settings: Json, fields: readonly SamplingField[], path = ''): Sampling {
  const sampling: Record<string, unknown> = {}
  for (const [name, field, read] of fields) {
    const value = read(settings[field], path + field)
    if (value !== undefined) sampling[name] = value
  }
  return sampling
}

export function writeSampling(sampling: Partial<Record<keyof Sampling, unknown>>, fields: readonly SamplingField[]): Json {
  const written: Record<string, unknown> = {}
  for (const [name, field] of fields) if (sampling[name] !== undefined) written[field] = sampling[name]
  return written
}
