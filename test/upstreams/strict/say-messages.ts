import type { Said } from './brain.js'
import type { Json } from './refusal.js'
import { sign } from './signatures.js'
import { pieces, sse } from './stream.js'

const USAGE = {
  input_tokens: 20,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 100,
  output_tokens: 30,
  service_tier: 'standard',
}

function blocksOf(said: Said, model: string): readonly Json[] {
  return [
    ...(said.thinking === null ? [] : [{ type: 'thinking', thinking: said.thinking, signature: sign('anthropic', model) }]),
    ...(said.text === '' ? [] : [{ type: 'text', text: said.text }]),
    ...said.calls.map((call, i) => ({
      type: 'tool_use',
      id: `toolu_up_${i}_0123456789abcdefghijklmnop`,
      name: call.name,
      input: call.args,
    })),
  ]
}

function stopOf({ end }: Said): Json {
  if (typeof end === 'object') return { stop_reason: 'stop_sequence', stop_sequence: end.stop }
  return { stop_reason: { stop: 'end_turn', length: 'max_tokens', calls: 'tool_use', refusal: 'refusal' }[end], stop_sequence: null }
}

const head = (model: string): Json => ({ id: 'msg_upstream', type: 'message', role: 'assistant', model: `${model}-20260101` })

export function sayMessages(said: Said, model: string): Json {
  return { ...head(model), content: blocksOf(said, model), ...stopOf(said), usage: USAGE }
}

export function* streamMessages(said: Said, model: string): Generator<string> {
  const event = (type: string, fields: Json): string => sse({ type, ...fields }, type)
  yield event('message_start', {
    message: { ...head(model), content: [], stop_reason: null, stop_sequence: null, usage: { ...USAGE, output_tokens: 1 } },
  })
  yield event('ping', {})
  for (const [index, block] of blocksOf(said, model).entries()) {
    const delta = (fields: Json): string => event('content_block_delta', { index, delta: fields })
    switch (block.type) {
      case 'thinking':
        yield event('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } })
        for (const thinking of pieces(String(block.thinking))) yield delta({ type: 'thinking_delta', thinking })
        yield delta({ type: 'signature_delta', signature: block.signature })
        break
      case 'text':
        yield event('content_block_start', { index, content_block: { type: 'text', text: '' } })
        for (const text of pieces(String(block.text))) yield delta({ type: 'text_delta', text })
        break
      default:
        yield event('content_block_start', { index, content_block: { ...block, input: {} } })
        yield delta({ type: 'input_json_delta', partial_json: '' })
        for (const partial_json of pieces(JSON.stringify(block.input))) yield delta({ type: 'input_json_delta', partial_json })
    }
    yield event('content_block_stop', { index })
  }
  yield event('message_delta', { delta: stopOf(said), usage: { output_tokens: 30 } })
  yield event('message_stop', {})
}
