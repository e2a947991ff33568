import type { Said } from './brain.js'
import type { Json } from './refusal.js'
import { sign } from './signatures.js'
import { pieces, sse } from './stream.js'

const USAGE = {
  promptTokenCount: 120,
  cachedContentTokenCount: 100,
  candidatesTokenCount: 22,
  thoughtsTokenCount: 8,
  totalTokenCount: 150,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: 120 }],
}

function finishOf({ end }: Said): string {
  return end === 'length' ? 'MAX_TOKENS' : end === 'refusal' ? 'SAFETY' : 'STOP'
}

function answerOf(parts: readonly Json[], model: string, finishReason?: string): Json {
  const candidate = { content: { role: 'model', parts }, index: 0, ...(finishReason === undefined ? {} : { finishReason }) }
  return { candidates: [candidate], usageMetadata: USAGE, modelVersion: `${model}-001`, responseId: 'gemini-upstream' }
}

/** The signature rides on the first call, or on the last part of the text. */
function signed(said: Said, model: string): Json {
  return said.thinking === null ? {} : { thoughtSignature: sign('google', model) }
}

function callsOf(said: Said, model: string): readonly Json[] {
  return said.calls.map((call, i) => ({
    functionCall: { id: `up-${i}`, name: call.name, args: call.args },
    ...(i === 0 ? signed(said, model) : {}),
  }))
}

export function sayGemini(said: Said, model: string): Json {
  const refused = said.end === 'refusal'
  const parts = [
    ...(said.thinking === null ? [] : [{ text: said.thinking, thought: true }]),
    ...(said.text === '' || refused ? [] : [{ text: said.text, ...(said.calls.length === 0 ? signed(said, model) : {}) }]),
    ...callsOf(said, model),
  ]
  return answerOf(parts, model, finishOf(said))
}

export function* streamGemini(said: Said, model: string): Generator<string> {
  for (const text of pieces(said.thinking ?? '')) yield sse(answerOf([{ text, thought: true }], model))
  if (said.end !== 'refusal') for (const text of pieces(said.text)) yield sse(answerOf([{ text }], model))
  for (const part of callsOf(said, model)) yield sse(answerOf([part], model))
  const rest = said.calls.length === 0 && said.thinking !== null ? [{ text: '', ...signed(said, model) }] : [{ text: '' }]
  yield sse(answerOf(rest, model, finishOf(said)))
}
