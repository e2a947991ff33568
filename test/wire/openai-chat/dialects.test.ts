import { describe, expect, it } from 'vitest'
import { collectReply } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'

type Json = Record<string, unknown>

const chunk = (delta: Json | undefined, more: Json = {}): Json => ({
  id: 'cc-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, ...(delta === undefined ? {} : { delta }), finish_reason: null, ...more }],
})

function read(...chunks: readonly Json[]) {
  const reader = openaiChat.eventReader()
  const events = [...chunks.map((c) => JSON.stringify(c)), '[DONE]'].flatMap((data) => reader.read({ data }))
  return collectReply(events).reply
}

describe('streams of servers that speak chat in their own way', () => {
  it('Moonshot: usage in the choice that ends the answer, cached tokens at its top', () => {
    const usage = { prompt_tokens: 100, completion_tokens: 7, total_tokens: 107, cached_tokens: 40 }
    const last = chunk({}, { finish_reason: 'stop', usage })
    expect(read(chunk({ role: 'assistant', content: 'Hi' }), last).usage).toMatchObject({ input: 60, cacheRead: 40, output: 7 })
    const tap = openaiChat.usageTap(true)
    expect(tap.see({ data: JSON.stringify(last) })).toBe(false)
    expect(tap.usage()).toMatchObject({ input: 60, cacheRead: 40, output: 7 })
  })

  it('MiniMax: a whole message at the end, which repeats what was said', () => {
    const message = { role: 'assistant', content: 'Hi you', reasoning_content: 'Think.' }
    const usage = { total_tokens: 15, total_characters: 0, prompt_tokens: 10, completion_tokens: 5 }
    const whole = {
      ...chunk(undefined, { finish_reason: 'stop', message }),
      object: 'chat.completion',
      usage,
      base_resp: { status_code: 0 },
    }
    const said = read(
      chunk({ role: 'assistant', reasoning_content: 'Think.' }),
      chunk({ content: 'Hi' }),
      chunk({ content: ' you' }),
      whole,
    )
    const parts = [
      { type: 'reasoning', text: 'Think.' },
      { type: 'text', text: 'Hi you' },
    ]
    expect(said.choices[0]?.parts).toEqual(parts)
    expect(said.usage).toMatchObject({ input: 10, output: 5 })
    // A server that sends nothing but the message is read too.
    expect(read(whole).choices[0]?.parts).toEqual(parts)
  })

  it('vLLM: a new id in each piece of one call', () => {
    const piece = (id: string | undefined, fn: Json): Json =>
      chunk({ tool_calls: [{ index: 0, ...(id === undefined ? {} : { id }), function: fn }] })
    const said = read(piece('c-1', { name: 'f' }), piece('c-2', { arguments: '{"a":' }), piece(undefined, { arguments: '1}' }))
    expect(said.choices[0]?.parts).toEqual([{ type: 'tool-call', id: 'c-1', name: 'f', args: '{"a":1}' }])
  })

  it('vLLM: the id of a call before its name, with or without the first arguments', () => {
    const piece = (index: number, more: Json, fn: Json): Json => chunk({ tool_calls: [{ index, ...more, function: fn }] })
    const said = read(
      piece(0, { id: 'a', type: 'function' }, { name: '', arguments: '' }),
      piece(1, { id: 'b', type: 'function' }, { arguments: '{"x"' }),
      piece(0, {}, { name: 'f' }),
      piece(0, {}, { arguments: '{}' }),
      piece(1, {}, { name: 'g', arguments: ':' }),
      piece(1, {}, { name: null, arguments: '1}' }),
    )
    expect(said.choices[0]?.parts).toEqual([
      { type: 'tool-call', id: 'a', name: 'f', args: '{}' },
      { type: 'tool-call', id: 'b', name: 'g', args: '{"x":1}' },
    ])
  })

  it('reasoning beside an empty field of its older name', () => {
    expect(read(chunk({ content: '', reasoning_content: '', reasoning: 'Think.' }), chunk({ content: 'Hi' })).choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'Think.' },
      { type: 'text', text: 'Hi' },
    ])
  })

  it.each([
    ['sensitive', 'content-filter'],
    ['network_error', 'error'],
    ['insufficient_system_resource', 'error'],
    ['model_context_window_exceeded', 'length'],
    ['model_length', 'length'],
    ['eos', 'stop'],
  ])('ends with %s: %s', (raw, reason) => {
    expect(read(chunk({ content: 'Hi' }), chunk({}, { finish_reason: raw })).choices[0]).toMatchObject({ finish: reason, rawFinish: raw })
  })
})

it('reads reasoning once that vLLM says under its old and new name', () => {
  const message = { role: 'assistant', content: 'Hi', tool_calls: [], reasoning: 'Think.', reasoning_content: 'Think.' }
  const reply = openaiChat.readReply({ id: 'x', choices: [{ index: 0, message, finish_reason: 'stop' }] })
  expect(reply.choices[0]?.parts.filter((p) => p.type === 'reasoning')).toMatchObject([{ text: 'Think.' }])
})
