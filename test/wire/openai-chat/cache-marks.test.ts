import { describe, expect, it } from 'vitest'
import { providers, resolveModel } from '../../../src/catalog/index.js'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'
import { spliceBody, type Target } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'

type Json = Record<string, unknown>

const CLAUDE = 'openrouter/anthropic/claude-sonnet-4.6'
const MARK = { type: 'ephemeral' }
const marked = (text: string): Json[] => [{ type: 'text', text, cache_control: MARK }]
const tools = [{ type: 'function', function: { name: 'read', parameters: { type: 'object', properties: {} } } }]
const call = { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{}' } }] }
const result = { role: 'tool', tool_call_id: 'c1', content: 'lines' }
const system = { role: 'system', content: 'Be brief.' }
const user = { role: 'user', content: 'Read it.' }

function targetOf(id: string): Target {
  const provider = providers[id.slice(0, id.indexOf('/'))]
  if (provider === undefined) throw new Error(`no provider for ${id}`)
  const { name, accepts } = resolveModel({ id }, { provider, prices: null })
  return { name, accepts, keepsReasoning: true, clampOutput: null }
}

function messagesAt(id: string, body: Json): unknown {
  const whole = { model: 'm', ...body }
  const sent = spliceBody(Buffer.from(JSON.stringify(whole)), whole, openaiChat.relaySplices(whole, targetOf(id)))
  return (JSON.parse(sent.toString()) as Json).messages
}

describe("Claude's prompt cache at OpenRouter, which keeps nothing without marks", () => {
  it('is told where a conversation ends, and where it ended before', () => {
    expect(messagesAt(CLAUDE, { tools, messages: [system, user, call, result] })).toEqual([
      { ...system, content: marked('Be brief.') },
      { ...user, content: marked('Read it.') },
      call,
      { ...result, content: marked('lines') },
    ])
  })

  it('is told of the instructions alone where nothing shows that the rest will be sent again', () => {
    expect(messagesAt(CLAUDE, { messages: [system, user] })).toEqual([{ ...system, content: marked('Be brief.') }, user])
    expect(messagesAt(CLAUDE, { messages: [user] })).toEqual([user])
  })

  it('holds the instructions that were joined for the model, and the last words beside an image', () => {
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
    const shown = { role: 'user', content: [{ type: 'text', text: 'Look.' }, image] }
    expect(messagesAt(CLAUDE, { tools, messages: [system, { role: 'system', content: 'Be kind.' }, shown] })).toEqual([
      { ...system, content: marked('Be brief.\n\nBe kind.') },
      { ...shown, content: [...marked('Look.'), image] },
    ])
  })

  it('is left to a client that marks its messages, its tools or the whole request', () => {
    const messages = [{ ...system, content: marked('Be brief.') }, user]
    expect(messagesAt(CLAUDE, { tools, messages })).toEqual(messages)
    expect(messagesAt(CLAUDE, { tools: [{ ...tools[0], cache_control: MARK }], messages: [system, user] })).toEqual([system, user])
    expect(messagesAt(CLAUDE, { tools, cache_control: MARK, messages: [system, user] })).toEqual([system, user])
  })

  it('is told the same of a conversation in another format', () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'Read it.', cache_control: MARK }] }]
    const input = { model: 'm', max_tokens: 9, system: 'Be brief.', messages, tools: [{ name: 'read', input_schema: { type: 'object' } }] }
    const { body } = openaiChat.writeRequest(anthropicMessages.readRequest(input, { headers: {} }), targetOf(CLAUDE))
    expect(body.messages).toEqual([
      { ...system, content: marked('Be brief.') },
      { ...user, content: marked('Read it.') },
    ])
  })

  it.each(['openrouter/openai/gpt-4.1', 'groq/llama-3.3-70b-versatile'])('%s caches without being told', (id) => {
    expect(messagesAt(id, { tools, messages: [system, user] })).toEqual([system, user])
  })
})
