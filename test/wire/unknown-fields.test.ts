import { describe, expect, it } from 'vitest'
import { providers, resolveModel } from '../../src/catalog/index.js'
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.js'
import { type Codec, spliceBody, type Target } from '../../src/wire/index.js'
import { openaiChat } from '../../src/wire/openai-chat/index.js'
import { openaiResponses } from '../../src/wire/openai-responses/index.js'

type Json = Record<string, unknown>

function sent(codec: Codec, id: string, body: Json): Json {
  const provider = providers[id.slice(0, id.indexOf('/'))]
  if (provider === undefined) throw new Error(`no provider for ${id}`)
  const { name, accepts } = resolveModel({ id }, { provider, prices: null })
  const target: Target = { name, accepts, keepsReasoning: true, clampOutput: null }
  const whole = { model: name, ...body }
  const { model: _, ...rest } = JSON.parse(
    spliceBody(Buffer.from(JSON.stringify(whole)), whole, codec.relaySplices(whole, target)).toString(),
  ) as Json
  return rest
}

const chat = (id: string, body: Json): Json => sent(openaiChat, id, body)
const responses = (id: string, body: Json): Json => sent(openaiResponses, id, body)
const messages = [{ role: 'user', content: 'Hello.' }]
const NEW = { mode: 'explicit' }
const MARK = { type: 'ephemeral' }

describe('fields that a client sends to the model it expects', () => {
  it.each([
    ['openai/gpt-5.2', true],
    ['openai/gpt-5.1-chat-latest', true],
    ['openrouter/openai/gpt-4.1', true],
    ['deepseek/deepseek-chat', true],
    ['openai/gpt-4.1', false],
    ['openai/gpt-5-chat-latest', false],
    ['openai/gpt-5.2-codex', false],
    ['groq/llama-3.3-70b-versatile', false],
    ['mistral/mistral-large-2512', false],
  ])('%s is told how much to say: %s', (id, told) => {
    expect(chat(id, { messages, verbosity: 'low' })).toEqual({ messages, ...(told && { verbosity: 'low' }) })
  })

  it('say how much to say in Responses, too', () => {
    const text = { verbosity: 'low', format: { type: 'text' } }
    expect(responses('openai/gpt-5.2', { input: 'Hello.', text })).toEqual({ input: 'Hello.', text })
    expect(responses('openai/gpt-4.1', { input: 'Hello.', text })).toEqual({ input: 'Hello.', text: { format: { type: 'text' } } })
  })

  it('say how its cache is kept in the way of its generation', () => {
    const body = (breakpoint: boolean): Json => ({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello.', ...(breakpoint && { prompt_cache_breakpoint: NEW }) }] }],
      prompt_cache_key: 'k',
    })
    const both = { ...body(true), prompt_cache_options: NEW, prompt_cache_retention: '24h' }
    expect(chat('openai/gpt-5.6-luna', both)).toEqual({ ...body(true), prompt_cache_options: NEW })
    expect(chat('openai/gpt-5.2', both)).toEqual({ ...body(false), prompt_cache_retention: '24h' })
    const { prompt_cache_key: _, ...bare } = body(false)
    expect(chat('groq/llama-3.3-70b-versatile', both)).toEqual(bare)
    const part = { type: 'input_text', text: 'Hello.' }
    const input = (marked: boolean): Json => ({
      input: [{ role: 'user', content: [{ ...part, ...(marked && { prompt_cache_breakpoint: NEW }) }] }],
    })
    expect(responses('openai/gpt-5.2', input(true))).toEqual(input(false))
    expect(responses('openai/gpt-5.6-luna', input(true))).toEqual(input(true))
  })

  it("mark the prompt for Claude's cache", () => {
    const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }
    const call = { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] }
    const text = (words: string, mark: boolean): Json => ({ type: 'text', text: words, ...(mark && { cache_control: MARK }) })
    const body = (mark: boolean, result: unknown): Json => ({
      tools: [{ ...tool, ...(mark && { cache_control: MARK }) }],
      messages: [
        { role: 'system', content: [text('Be brief.', mark)] },
        { role: 'user', content: 'Read it.', ...(mark && { cache_control: MARK }) },
        call,
        { role: 'tool', tool_call_id: 'c', content: result },
      ],
    })
    const marked = body(true, [text('lines', true)])
    expect(chat('openai/gpt-5.2', { ...marked, cache_control: MARK })).toEqual(body(false, [text('lines', false)]))
    const [, user] = body(false, '').messages as readonly Json[]
    expect(chat('groq/llama-3.3-70b-versatile', marked)).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief.' }, user, call, { role: 'tool', content: 'lines' }],
    })
    expect(JSON.stringify(chat('groq/llama-3.3-70b-versatile', marked))).not.toContain('cache_control')
    for (const id of ['openrouter/anthropic/claude-sonnet-4.6', 'openrouter/openai/gpt-5.2', 'vllm/qwen-2.5'])
      expect(chat(id, marked)).toEqual(marked)
  })

  it('are taken out of instructions that are joined for the model', () => {
    const system = (mark: boolean): Json => ({ type: 'text', text: 'Be brief.', ...(mark && { cache_control: MARK }) })
    const front = [
      { role: 'system', content: [system(true)] },
      { role: 'system', content: 'Be kind.' },
    ]
    expect(chat('mistral/mistral-large-2512', { messages: [...front, ...messages] })).toEqual({
      messages: [{ role: 'system', content: [system(false), { type: 'text', text: 'Be kind.' }] }, ...messages],
    })
  })

  it.each([
    ['anthropic/claude-opus-5-5', true],
    ['anthropic/claude-fable-5-2', true],
    ['anthropic/claude-opus-4-8', true],
    ['anthropic/claude-opus-4-7', false],
    ['anthropic/claude-sonnet-4-6', false],
    ['anthropic/claude-haiku-4-5', false],
  ])('%s is told to be fast: %s', (id, told) => {
    const body = { max_tokens: 9, messages }
    expect(sent(anthropicMessages, id, { ...body, speed: 'fast' })).toEqual({ ...body, ...(told && { speed: 'fast' }) })
  })

  it.each([
    ['mistral/mistral-large-2512', true],
    ['minimax/MiniMax-M2.7', true],
    ['openrouter/minimax/minimax-m2.5', true],
    ['openai/gpt-4.1', false],
    ['deepseek/deepseek-chat', false],
  ])('%s is told of functions without parameters that there are none: %s', (id, told) => {
    const tools = [{ type: 'function', function: { name: 'list_agents', description: 'Lists.' } }]
    const named = [{ type: 'function', function: { ...tools[0]!.function, parameters: { type: 'object', properties: {} } } }]
    expect(chat(id, { messages, tools })).toEqual({ messages, tools: told ? named : tools })
  })
})
