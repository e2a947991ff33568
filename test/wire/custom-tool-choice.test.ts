import { describe, expect, it } from 'vitest'
import { codecFor } from '../../src/wire/index.js'
import { targetOf } from './targets.js'

const NESTED = { type: 'custom', custom: { name: 'patch' } }
const FLAT = { type: 'custom', name: 'patch' }
const chat = { model: 'm', messages: [{ role: 'user', content: 'go' }], tools: [NESTED] }
const responses = { model: 'm', input: 'go', tools: [FLAT] }

/** OpenAI's `ToolChoiceCustom`: a tool of free text is chosen by that type, one named as a function is not found. */
describe.each([
  ['openai-chat', chat, NESTED, 'openai-responses', FLAT],
  ['openai-responses', responses, FLAT, 'openai-chat', NESTED],
] as const)('a tool of free text that a client of %s wants called', (from, body, choice, to, expected) => {
  const write = (toolChoice: unknown, needs?: readonly ['tools']): unknown => {
    const request = codecFor(from).readRequest({ ...body, tool_choice: toolChoice }, { headers: {} })
    return codecFor(to).writeRequest(request, targetOf('m', needs === undefined ? {} : { needs })).body.tool_choice
  }

  it('is named by its type', () => {
    expect(write(choice)).toEqual(expected)
  })

  it('and so among those that are allowed', () => {
    const allowed = { mode: 'required', tools: [choice] }
    const asked = write(from === 'openai-chat' ? { type: 'allowed_tools', allowed_tools: allowed } : { type: 'allowed_tools', ...allowed })
    expect(JSON.stringify(asked)).toContain(JSON.stringify([expected]))
  })

  it('is a function where it is offered as one', () => {
    expect(write(choice, ['tools'])).toMatchObject({ type: 'function' })
  })
})

it('a function it is, too, to a chat server without such tools, whose client speaks the same format', () => {
  const request = codecFor('openai-chat').readRequest({ ...chat, tool_choice: NESTED }, { headers: {} })
  const { body } = codecFor('openai-chat').writeRequest(request, targetOf('m', { needs: ['tools'] }))
  expect(body.tool_choice).toEqual({ type: 'function', function: { name: 'patch' } })
})
