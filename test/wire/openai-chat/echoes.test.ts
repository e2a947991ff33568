import { describe, expect, it } from 'vitest'
import type { Parameter } from '../../../src/canonical/index.js'
import { spliceBody, type Target } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { targetOf } from '../targets.js'

type Json = Record<string, unknown>

const other = (refuses: readonly Parameter[] = []): Target =>
  targetOf('m', { needs: ['tools'], refuses, developerRole: false }, { keepsReasoning: false })
const OPENAI = targetOf('m', { refuses: ['reasoning_content'] }, { keepsReasoning: false })
const MISTRAL = other(['reasoning_content', 'user_after_tool'])

const user = { role: 'user', content: 'hi' }
const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }
const result = { role: 'tool', tool_call_id: 'call_1', content: 'x' }

function sent(history: readonly Json[], target: Target): unknown {
  const body = { model: 'm', messages: [user, ...history, user] }
  const bytes = spliceBody(Buffer.from(JSON.stringify(body)), body, openaiChat.relaySplices(body, target))
  const written = openaiChat.writeRequest(openaiChat.readRequest(body, { headers: {} }), target).body.messages
  const relayed = (JSON.parse(bytes.toString()) as { messages: unknown[] }).messages
  expect(relayed).toEqual(written)
  return relayed.slice(1, -1)
}

/** `messages.push(completion.choices[0].message)` */
describe('an answer that a client puts into its history whole', () => {
  const vllm = { refusal: null, annotations: null, audio: null, function_call: null, tool_calls: [], reasoning: null }
  const openai = { refusal: null, annotations: [] }
  const openrouter = { refusal: null, reasoning: 'So.', reasoning_details: [{ type: 'reasoning.text', text: 'So.', index: 0 }] }
  const plain = { role: 'assistant', content: 'Hello.' }

  it.each([
    ['OpenAI', 'vLLM', OPENAI, vllm, { ...plain, refusal: null, annotations: null, audio: null }],
    ['OpenAI', 'OpenRouter', OPENAI, openrouter, { ...plain, refusal: null }],
    ['Mistral', 'vLLM', MISTRAL, vllm, plain],
    ['Mistral', 'OpenAI', MISTRAL, openai, plain],
    ['Mistral', 'OpenRouter', MISTRAL, openrouter, plain],
    ['Gemini', 'OpenAI', other(), openai, plain],
  ])('goes to %s without what %s alone takes back', (_to, _from, target, fields, expected) => {
    expect(sent([{ ...plain, ...fields }], target)).toEqual([expected])
  })

  it('keeps the sources of files for OpenRouter, and goes back to OpenAI as it is', () => {
    const sourced = { ...plain, annotations: [{ type: 'file', file: { hash: 'x' } }] }
    expect(sent([sourced], other())).toEqual([sourced])
    expect(sent([sourced], MISTRAL)).toEqual([plain])
    expect(sent([{ ...plain, ...openai }], OPENAI)).toEqual([{ ...plain, ...openai }])
  })

  it('and words of somebody named go to Mistral without the name', () => {
    const bob = { role: 'user', content: 'hi', name: 'bob' }
    const mistral = targetOf('m', { refuses: ['reasoning_content', 'foreign_call_ids'], developerRole: false })
    expect(sent([bob, plain], mistral)).toEqual([user, plain])
    expect(sent([bob], mistral)).toEqual([user])
    expect(sent([bob, plain], other())).toEqual([bob, plain])
  })

  it('says its refusal in words where only OpenAI reads refusals', () => {
    const refused = { role: 'assistant', content: null, refusal: 'I cannot.' }
    expect(sent([refused], MISTRAL)).toEqual([{ role: 'assistant', content: 'I cannot.' }])
    expect(sent([refused], OPENAI)).toEqual([refused])
  })

  it.each([
    ['no words', { role: 'assistant', content: '', refusal: null }],
    ['no content', { role: 'assistant', content: null, tool_calls: [] }],
    ['reasoning of another model alone', { role: 'assistant', content: '', reasoning_content: 'So.' }],
  ])('is left out of what other models see if it has %s', (_name, silent) => {
    const called = [{ role: 'assistant', content: null, tool_calls: [call] }, result]
    expect(sent([...called, silent], other())).toEqual(called)
    expect(sent([...called, silent], MISTRAL)).toEqual([...called, { role: 'assistant', content: 'I have read the results.' }])
    // Its templates take no two messages of the user in a row.
    expect(sent([silent], MISTRAL)).toEqual([{ role: 'assistant', content: 'I have nothing to say.' }])
    if (silent.content === null) expect(sent([silent], OPENAI)).toEqual([])
  })
})
