import type { Said } from './brain.js'
import type { Json } from './refusal.js'
import { pieces, sse } from './stream.js'

const USAGE = {
  prompt_tokens: 120,
  completion_tokens: 30,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 100, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 8, audio_tokens: 0 },
}

const head = (model: string, object: string): Json => ({
  id: 'chatcmpl-upstream',
  object,
  created: 1_760_000_000,
  model: `${model}-2026-01-01`,
  system_fingerprint: 'fp_1',
})

function finishOf({ end }: Said): string {
  return end === 'length' ? 'length' : end === 'calls' ? 'tool_calls' : 'stop'
}

const callOf = (call: Said['calls'][number], i: number): Json => ({
  id: `call_up_${i}_aVeryOwnId`,
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.args) },
})

export function sayChat(said: Said, model: string): Json {
  const refused = said.end === 'refusal'
  const message = {
    role: 'assistant',
    content: refused || said.text === '' ? null : said.text,
    refusal: refused ? said.text : null,
    annotations: [],
    ...(said.thinking === null ? {} : { reasoning_content: said.thinking }),
    ...(said.calls.length === 0 ? {} : { tool_calls: said.calls.map(callOf) }),
  }
  return {
    ...head(model, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(said) }],
    usage: USAGE,
    service_tier: 'default',
  }
}

/** As the vendor streams: role first, then deltas, a finish, and usage in a chunk without choices where asked for. */
export function* streamChat(said: Said, model: string, body: Json): Generator<string> {
  const chunk = (delta: Json, finish: string | null = null): string =>
    sse({
      ...head(model, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(wantsUsage(body) ? { usage: null } : {}),
    })
  yield chunk({ role: 'assistant', content: '', refusal: null })
  for (const text of pieces(said.thinking ?? '')) yield chunk({ reasoning_content: text })
  for (const text of pieces(said.text)) yield chunk(said.end === 'refusal' ? { refusal: text } : { content: text })
  for (const [index, call] of said.calls.entries()) {
    const { id, type } = callOf(call, index)
    yield chunk({ tool_calls: [{ index, id, type, function: { name: call.name, arguments: '' } }] })
    for (const text of pieces(JSON.stringify(call.args))) yield chunk({ tool_calls: [{ index, function: { arguments: text } }] })
  }
  yield chunk({}, finishOf(said))
  if (wantsUsage(body)) yield sse({ ...head(model, 'chat.completion.chunk'), choices: [], usage: USAGE })
  yield 'data: [DONE]\n\n'
}

function wantsUsage(body: Json): boolean {
  return (body.stream_options as { readonly include_usage?: unknown } | undefined)?.include_usage === true
}
