import fc from 'fast-check'
import type { Message, Part, Request, WireFormat } from '../../src/canonical/index.js'

/** A request of one format with these messages, and nothing else that was not asked for. */
export function requestOf(format: WireFormat, messages: readonly Message[], rest: Partial<Request> = {}): Request {
  return { format, model: 'asked', messages, tools: [], sampling: {}, stream: false, ...rest }
}

export function text(words: string): Part {
  return { type: 'text', text: words }
}

export function user(...parts: readonly (string | Part)[]): Message {
  return { role: 'user', parts: parts.map((part) => (typeof part === 'string' ? text(part) : part)) }
}

export function assistant(...parts: readonly (string | Part)[]): Message {
  return { ...user(...parts), role: 'assistant' }
}

export function call(id: string, name = 'run', args = '{"a":1}'): Part {
  return { type: 'tool-call', id, name, args }
}

export function result(callId: string, words = 'ran', rest: Partial<Extract<Part, { type: 'tool-result' }>> = {}): Message {
  return { role: 'tool', parts: [{ type: 'tool-result', callId, parts: [text(words)], ...rest }] }
}

const words = fc.constantFrom('', ' ', 'hello', 'trailing space ')
const ids = fc.constantFrom('call_1', 'call_2', 'functions.run:0', 'call|1')
const said: fc.Arbitrary<Part> = fc.oneof(
  words.map(text),
  words.map((refusal): Part => ({ type: 'refusal', text: refusal })),
  fc.record({ type: fc.constant('reasoning' as const), text: words, signature: fc.constantFrom('', 'sig') }),
  fc.record({ id: ids, args: fc.constantFrom('', '{}', '{"a":1}', '{"a":', '[1]') }).map(({ id, args }) => call(id, 'run', args)),
  fc.constant<Part>({ type: 'opaque', format: 'openai-responses', kind: 'compaction', value: {} }),
)
const asked: fc.Arbitrary<Part> = fc.oneof(
  words.map(text),
  fc.constantFrom<Part>(
    { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' }, detail: 'high' },
    { type: 'image', source: { kind: 'base64', mediaType: 'image/svg+xml', data: 'AA==' } },
    { type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' } },
    { type: 'image', source: { kind: 'file-id', id: 'file-1' } },
    { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AA==' } },
    { type: 'file', source: { kind: 'base64', mediaType: 'text/plain', data: 'aGk=' }, filename: 'a.txt' },
  ),
)
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system' as const, 'developer' as const), parts: fc.array(words.map(text), { maxLength: 2 }) }),
  fc.record({ role: fc.constant('user' as const), parts: fc.array(asked, { maxLength: 3 }) }),
  fc.record({ role: fc.constant('assistant' as const), parts: fc.array(said, { maxLength: 3 }) }),
  ids.map((id) => result(id)),
)

/** Conversations in any order, however odd, as another format's clients may send them. */
export const conversations: fc.Arbitrary<readonly Message[]> = fc.array(message, { maxLength: 9 })
