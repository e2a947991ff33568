import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/kit/index.js'
import { refusesReasoning } from '../../src/route/refuses-reasoning.js'
import { codecFor } from '../../src/wire/index.js'

const chat = codecFor('openai-chat')
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }

function refused(message: string, status: number, said: object): boolean {
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b', ...said },
  ]
  return refusesReasoning(new Fault('E_BAD_REQUEST', message), status, chat.readRequest({ model: 'm', messages }, { headers: {} }))
}

describe('a request refused for the reasoning that it repeats', () => {
  const thought = { reasoning_content: 'hm' }

  it.each([
    ['Corrupted thought signature.', 400],
    ['messages.1.content.0: Invalid `signature` in `thinking` block', 400],
    ['The encrypted content U0lH could not be verified.', 400],
    [
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
      400,
    ],
    ["Extra inputs are not permitted, field: 'messages[1].reasoning_content'", 422],
  ])('is known by the words: %s (%d)', (message, status) => {
    expect(refused(message, status, thought)).toBe(true)
    expect(refused(message, status, {})).toBe(false)
  })

  it('is known where a server does not know the field of a signature', () => {
    const signed = { tool_calls: [{ ...call, extra_content: { google: { thought_signature: 'c2ln' } } }] }
    expect(refused("Unknown parameter: 'messages[1].tool_calls[0].extra_content'.", 400, signed)).toBe(true)
  })

  it('is not one that was refused for something else, or that failed', () => {
    expect(refused('max_tokens: 128000 > 64000', 400, thought)).toBe(false)
    expect(refused('reasoning_content', 500, thought)).toBe(false)
  })
})
