import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SseEvent } from '../../src/kit/index.js'
import { codecFor, collectReply, joinDeltas } from '../../src/wire/index.js'

type Format = Parameters<typeof codecFor>[0]

function replyOf(format: Format, events: readonly SseEvent[]) {
  const reader = codecFor(format).eventReader()
  return collectReply([...events.flatMap((event) => reader.read(event)), ...reader.end()])
}

const chat = (...choices: object[]): SseEvent => ({ data: JSON.stringify({ id: 'c', model: 'gpt-5.2', choices }) })
const delta = (said: object, more: object = { finish_reason: null }) => chat({ index: 0, delta: said, ...more })
const messages = (value: { readonly type: string }): SseEvent => ({ event: value.type, data: JSON.stringify(value) })
const block = (index: number, said: object) => messages({ type: 'content_block_delta', index, delta: said } as { type: string })

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'ha', '"', '\\', '\\"', '"delta":{"content":"', '\ud83d', '\ude00', '\u0000', '"}'),
)

/** Mostly the same kind over and over, as models write. */
const runs = (of: fc.Arbitrary<SseEvent>) => fc.array(of, { maxLength: 30 })

const CHAT = runs(
  fc.oneof(
    { weight: 5, arbitrary: text.map((content) => delta({ content })) },
    text.map((content) => delta({ role: 'assistant', content })),
    text.map((reasoning_content) => delta({ reasoning_content })),
    text.map((content) => delta({ content, reasoning_content: 'hm' })),
    text.map((content) => delta({ content }, { logprobs: { content: [{ token: 'ha', logprob: -1 }] }, finish_reason: null })),
    text.map((content) => chat({ index: 0, delta: { content } }, { index: 1, delta: { content: 'also' } })),
    text.map((content) => chat({ index: 0, message: { content } })),
    text.map((args) => delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: args } }] })),
    fc.constant({ data: '{"choices":[{"index":0,"delta":{"content":"\\x"}}]}' }),
  ),
)

const MESSAGES = runs(
  fc.oneof(
    { weight: 5, arbitrary: text.map((said) => block(0, { type: 'text_delta', text: said })) },
    text.map((thinking) => block(1, { type: 'thinking_delta', thinking })),
    text.map((signature) => block(1, { type: 'signature_delta', signature })),
    text.map((partial_json) => block(2, { type: 'input_json_delta', partial_json })),
  ),
)

const BLOCKS: readonly object[] = [
  { type: 'text', text: '' },
  { type: 'thinking', thinking: '', signature: '' },
  { type: 'tool_use', id: 't', name: 'f', input: {} },
]
const OPENING = [
  messages({ type: 'message_start', message: { id: 'm', model: 'claude', usage: { input_tokens: 1 } } } as { type: string }),
  ...BLOCKS.map((content_block, index) => messages({ type: 'content_block_start', index, content_block } as { type: string })),
]
const CLOSING = [
  messages({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } } as { type: string }),
  messages({ type: 'message_stop' }),
]

function expectTheSame(format: Format, events: readonly SseEvent[]): void {
  expect(replyOf(format, joinDeltas(events))).toEqual(replyOf(format, events))
}

it('a stream whose pieces were joined is read as the same answer', () => {
  fc.assert(
    fc.property(CHAT, (said) => {
      expectTheSame('openai-chat', [...said, delta({}, { finish_reason: 'stop' }), { data: '[DONE]' }])
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(MESSAGES, (said) => {
      expectTheSame('anthropic-messages', [...OPENING, ...said, ...CLOSING])
    }),
    { numRuns: 300 },
  )
})

it('pieces of the same text become one', () => {
  const pieces = ['Grüße', ' "🌍"', '\n', ''].map((content) => delta({ content }))
  expect(joinDeltas([...pieces, { data: '[DONE]' }])).toEqual([delta({ content: 'Grüße "🌍"\n' }), { data: '[DONE]' }])
})
