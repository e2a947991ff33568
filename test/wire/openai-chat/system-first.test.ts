import { describe, expect, it } from 'vitest'
import { providers, resolveModel } from '../../../src/catalog/index.js'
import { codecFor, spliceBody, type Target } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { targetOf } from '../targets.js'

type Json = Readonly<Record<string, unknown>>

const strict = targetOf('m', { developerRole: false, refuses: ['mid_conversation_system'] })

function relayed(messages: readonly Json[], target: Target): unknown {
  const body = { model: 'm', messages }
  const bytes = spliceBody(Buffer.from(JSON.stringify(body)), body, openaiChat.relaySplices(body, target))
  return (JSON.parse(bytes.toString()) as Json).messages
}

/** The template of Qwen since 3.5: "System message must be at the beginning." */
describe('a model that takes instructions in front alone', () => {
  const asked = [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'developer', content: 'Be shorter.' },
    { role: 'user', content: 'so?' },
  ]
  const roles = ['system', 'user', 'assistant', 'user', 'user']

  it('is told later ones as the user', () => {
    expect(relayed(asked, strict)).toEqual(asked.map((message, i) => ({ ...message, role: roles[i] })))
  })

  it('is told several in front as one', () => {
    const front = [
      { role: 'developer', content: 'Be short.', name: 'a' },
      { role: 'system', content: 'Be kind.', name: 'b' },
    ]
    const rest = asked.slice(1, 3)
    expect(relayed([...front, ...rest], strict)).toEqual([{ role: 'system', content: 'Be short.\n\nBe kind.', name: 'a' }, ...rest])
    const marked = { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } }
    expect(relayed([asked[0]!, { role: 'system', content: [marked] }, ...rest], strict)).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'Be short.' }, marked] },
      ...rest,
    ])
    expect(relayed(front, strict)).toMatchObject([{ role: 'system' }, { role: 'user', content: 'Be kind.' }])
  })

  it('is told those of Claude Code, which follow what the user asks first, in the same way', () => {
    const body = {
      model: 'm',
      max_tokens: 100,
      system: 'Be short.',
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'system', content: 'Agents you may call: none.' },
      ],
    }
    const request = codecFor('anthropic-messages').readRequest(body, { headers: {} })
    expect(openaiChat.writeRequest(request, strict).body.messages).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'hi' },
      { role: 'user', content: 'Agents you may call: none.' },
    ])
  })

  it('leaves them to all others', () => {
    expect(relayed(asked, targetOf('m'))).toEqual(asked)
  })

  it.each([
    ['ollama/qwen3.8:27b', true],
    ['vllm/Qwen/Qwen3.5-35B-A3B', true],
    ['vllm/Qwen/Qwen3-8B', false],
    ['minimax/MiniMax-M2.5', true],
    ['mistral/mistral-large-2512', true],
    ['zai/glm-5.2', false],
  ])('is %s: %s', (id, refuses) => {
    const provider = providers[id.slice(0, id.indexOf('/'))]!
    expect(resolveModel({ id }, { provider, prices: null }).accepts.refuses.includes('mid_conversation_system')).toBe(refuses)
  })
})
