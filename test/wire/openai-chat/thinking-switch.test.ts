import { describe, expect, it } from 'vitest'
import { providers, resolveModel } from '../../../src/catalog/index.js'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'
import { spliceBody, type Target } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'

type Json = Record<string, unknown>

function targetOf(id: string): Target {
  const provider = providers[id.slice(0, id.indexOf('/'))]
  if (provider === undefined) throw new Error(`no provider for ${id}`)
  const { name, accepts } = resolveModel({ id }, { provider, prices: null })
  return { name, accepts, keepsReasoning: true, clampOutput: null }
}

const messages = [{ role: 'user', content: 'hi' }]

function relayed(body: Json, id: string): Json {
  return JSON.parse(spliceBody(Buffer.from(JSON.stringify(body)), body, openaiChat.relaySplices(body, targetOf(id))).toString()) as Json
}

describe('a client that wants no thinking', () => {
  it.each([
    ['deepseek/deepseek-v4-flash', 'disabled'],
    ['moonshot/kimi-k2.6', 'between_tools'],
    ['zai/glm-4.7', 'disabled'],
    ['zai/glm-5.2', 'disabled'],
  ])('is heard by %s', (id, type) => {
    const request = anthropicMessages.readRequest({ model: 'm', max_tokens: 9, messages, thinking: { type } }, { headers: {} })
    const { body } = openaiChat.writeRequest(request, targetOf(id))
    expect(body).toMatchObject({ thinking: { type: 'disabled' } })
    expect(body).not.toHaveProperty('reasoning_effort')
    const asked = { model: targetOf(id).name, messages, reasoning_effort: 'none', tool_choice: 'required' }
    expect(relayed(asked, id)).toEqual({ model: targetOf(id).name, messages, tool_choice: 'required', thinking: { type: 'disabled' } })
  })

  it.each(['moonshot/kimi-k3', 'zai/glm-5.3', 'openrouter/deepseek/deepseek-v4-flash'])(
    'gets the least of %s, which has no such switch',
    (id) => {
      expect(relayed({ model: 'm', messages, reasoning_effort: 'none' }, id)).not.toHaveProperty('thinking')
    },
  )

  it.each([
    ['anthropic/claude-sonnet-5', { thinking: { type: 'disabled' } }],
    ['anthropic/claude-sonnet-5-5', { thinking: { type: 'between_tools' } }],
    ['anthropic/claude-opus-5-5', { output_config: { effort: 'low' } }],
  ])('is told %s in its own terms', (id, told) => {
    const request = openaiChat.readRequest({ model: 'm', messages, reasoning_effort: 'none' }, { headers: {} })
    const { body } = anthropicMessages.writeRequest(request, targetOf(id))
    const { thinking, output_config } = body as Json
    expect({ ...(thinking === undefined ? {} : { thinking }), ...(output_config === undefined ? {} : { output_config }) }).toEqual(told)
  })

  it('keeps a switch of its own', () => {
    const thinking = { type: 'enabled' }
    expect(relayed({ model: 'm', messages, reasoning_effort: 'none', thinking }, 'zai/glm-5.2')).toMatchObject({ thinking })
  })
})
