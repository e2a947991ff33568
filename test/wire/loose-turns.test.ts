import { describe, expect, it } from 'vitest'
import { codecFor } from '../../src/wire/index.js'
import { targetOf } from './targets.js'

type Json = Readonly<Record<string, unknown>>

const IMAGE = { inlineData: { mimeType: 'image/png', data: 'AA==' } }
const call = (id: string): Json => ({ functionCall: { id, name: 'read', args: {} } })
const result = (id: string): Json => ({ functionResponse: { id, name: 'read', response: { output: 'done' } } })
const model = (...parts: readonly Json[]): Json => ({ role: 'model', parts })
const user = (...parts: readonly Json[]): Json => ({ role: 'user', parts })

/** As `chats` of @google/genai keeps a streamed answer. */
const PIECES = [
  user({ text: 'go' }),
  model({ text: 'Let me ', thought: true }),
  model({ text: 'think.', thought: true }),
  model({ text: 'I will' }),
  model({ text: ' ' }),
  model({ text: 'read.' }),
  model(call('a')),
  model(call('b')),
  model({ text: '' }),
  user(result('a'), result('b')),
]
/** As @ai-sdk/google sends images of results. */
const BETWEEN = [user({ text: 'go' }), model(call('a'), call('b')), user(result('a'), IMAGE, { text: 'an image' }, result('b'))]

function written(contents: readonly Json[], format: 'openai-chat' | 'openai-responses' | 'anthropic-messages'): readonly Json[] {
  const request = codecFor('gemini').readRequest({ contents }, { headers: {}, urlModel: 'asked', urlStream: false })
  const { body } = codecFor(format).writeRequest(request, targetOf('other', {}, { keepsReasoning: false }))
  return (body.messages ?? body.input) as readonly Json[]
}

describe('an answer that a client of Gemini keeps in pieces', () => {
  it('is one message to chat, whose results follow all its calls', () => {
    const messages = written(PIECES, 'openai-chat')
    expect(messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'I will read.', tool_calls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', tool_call_id: 'a' },
      { role: 'tool', tool_call_id: 'b' },
    ])
  })

  it('is one message and its calls to Responses', () => {
    expect(written(PIECES, 'openai-responses')).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ text: 'I will read.' }] },
      { type: 'function_call', call_id: 'a' },
      { type: 'function_call', call_id: 'b' },
      { type: 'function_call_output', call_id: 'a' },
      { type: 'function_call_output', call_id: 'b' },
    ])
  })

  it('is one turn to Anthropic, with the white space between its pieces', () => {
    expect(written(PIECES, 'anthropic-messages')).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ text: 'I will read.' }, { type: 'tool_use', id: 'a' }, { type: 'tool_use', id: 'b' }] },
      { role: 'user', content: [{ tool_use_id: 'a' }, { tool_use_id: 'b' }] },
    ])
  })

  it('keeps its signed reasoning whole for the model that made it', () => {
    const contents = [
      user({ text: 'go' }),
      model({ text: 'Let me ', thought: true }),
      model({ text: 'think.', thought: true }),
      model({ text: '', thought: true, thoughtSignature: 'c2ln' }),
      model({ text: 'Done.' }),
      user({ text: 'thanks' }),
    ]
    const request = codecFor('gemini').readRequest({ contents }, { headers: {}, urlModel: 'asked', urlStream: false })
    const { body } = codecFor('anthropic-messages').writeRequest(request, targetOf('claude', {}, { keepsReasoning: true }))
    expect(body.messages).toMatchObject([
      {},
      { content: [{ type: 'thinking', thinking: 'Let me think.', signature: 'c2ln' }, { text: 'Done.' }] },
      {},
    ])
  })
})

describe('messages of the assistant in a row', () => {
  it('are one in chat, in which their words stay apart', () => {
    const said = ['One.', 'Two.'].map((content) => ({ role: 'assistant', content }))
    const body = { model: 'asked', max_tokens: 9, messages: [{ role: 'user', content: 'go' }, ...said, { role: 'user', content: 'on' }] }
    const request = codecFor('anthropic-messages').readRequest(body, { headers: {} })
    expect(codecFor('openai-chat').writeRequest(request, targetOf('other')).body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'One.\n\nTwo.' },
      { role: 'user' },
    ])
  })
})

describe('words between the results of two calls', () => {
  it('come after both in chat, which refuses a call without its result right behind', () => {
    expect(written(BETWEEN, 'openai-chat').map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool', 'user'])
  })
})

describe('an image that a model of Google made', () => {
  const contents = [user({ text: 'draw' }), model({ text: 'Here.' }, IMAGE), user({ text: 'bluer' })]
  const last = (messages: readonly Json[]) => [messages.length, messages.at(-1)]

  it.each([
    ['openai-chat', [{ type: 'image_url' }, { type: 'text', text: 'bluer' }]],
    ['openai-responses', [{ type: 'input_image' }, { type: 'input_text', text: 'bluer' }]],
    ['anthropic-messages', [{ type: 'image' }, { type: 'text', text: 'bluer' }]],
  ] as const)('is shown by the user to a model of %s, which takes none from the assistant', (format, content) => {
    const messages = written(contents, format)
    expect(last(messages)).toMatchObject([3, { role: 'user', content }])
    expect(JSON.stringify(messages[1])).not.toContain('image')
  })

  it('is shown after the results of calls where the user says nothing', () => {
    const messages = written([user({ text: 'draw' }), model(IMAGE, call('a')), user(result('a'))], 'openai-chat')
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user'])
  })
})

describe('an answer without words', () => {
  it('is left out of a conversation in chat, which Mistral refuses with it', () => {
    const contents = [user({ text: 'go' }), model({ text: '' }), user({ text: 'well?' })]
    expect(written(contents, 'openai-chat').map(({ role }) => role)).toEqual(['user', 'user'])
  })

  it('keeps its calls in chat where an empty text stands before them', () => {
    const content = [
      { type: 'text', text: '' },
      { type: 'tool_use', id: 'toolu_1', name: 'read', input: {} },
    ]
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'done' }] },
    ]
    const request = codecFor('anthropic-messages').readRequest({ model: 'asked', max_tokens: 9, messages }, { headers: {} })
    expect(codecFor('openai-chat').writeRequest(request, targetOf('other')).body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'toolu_1' }] },
      { role: 'tool', tool_call_id: 'toolu_1' },
    ])
  })

  it('takes its reasoning with it in Responses, which wants an item after that', () => {
    const thinking = { type: 'thinking', thinking: 'hm', signature: 'c2ln' }
    const turn = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: [thinking] },
    ]
    const messages = [
      ...turn,
      { role: 'user', content: 'well?' },
      { role: 'assistant', content: [thinking, { type: 'text', text: 'Yes.' }] },
    ]
    const request = codecFor('anthropic-messages').readRequest({ model: 'asked', max_tokens: 9, messages }, { headers: {} })
    const { body, losses } = codecFor('openai-responses').writeRequest(request, targetOf('other'))
    expect((body.input as readonly Json[]).map(({ type }) => type)).toEqual(['message', 'message', 'reasoning', 'message'])
    expect(losses.map(({ field }) => field)).toContain('reasoning')
  })
})

describe('calls whose results were forgotten', () => {
  const contents = [user({ text: 'go' }), model(call('a'), call('b')), user(result('a')), model(call('c')), user({ text: 'well?' })]

  it.each([
    ['openai-chat', 'tool_call_id', 'content'],
    ['openai-responses', 'call_id', 'output'],
  ] as const)('have some in %s, which refuses the request otherwise', (format, id, content) => {
    const results = written(contents, format).filter((said) => said[content] !== undefined && said[id] !== undefined)
    const none = 'No result was recorded for this call.'
    expect(new Map(results.map((said) => [said[id], said[content]]))).toEqual(new Map(Object.entries({ a: 'done', b: none, c: none })))
    expect(written(contents, format).at(-1)).toMatchObject({ role: 'user' })
  })
})
