import { expect, it } from 'vitest'
import { providers, resolveModel } from '../../../src/catalog/index.js'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'
import { codecFor, type Target } from '../../../src/wire/index.js'

function writtenFor(id: string, messages: readonly unknown[]): unknown {
  const provider = providers[id.slice(0, id.indexOf('/'))]
  if (provider === undefined) throw new Error(`no provider for ${id}`)
  const { name, accepts, wire } = resolveModel({ id }, { provider, prices: null })
  const target: Target = { name, accepts, keepsReasoning: false, clampOutput: null }
  const request = anthropicMessages.readRequest({ model: 'm', max_tokens: 9, messages }, { headers: {} })
  const { body } = codecFor(wire).writeRequest(request, target)
  return (body.messages ?? body.contents) as unknown
}

const user = { role: 'user', content: 'A list?' }
const begun = { role: 'assistant', content: '1.' }

it('Mistral continues an answer that it is told to continue', () => {
  expect(writtenFor('mistral/mistral-large-2512', [user, begun])).toEqual([user, { ...begun, prefix: true }])
  expect(writtenFor('mistral/mistral-large-2512', [user, begun, user])).toEqual([user, begun, user])
  expect(writtenFor('openrouter/mistralai/mistral-large-2512', [user, begun])).toEqual([user, begun])
})

it('Gemini from 3.6 on does not continue one', () => {
  const [asked, answer] = [
    { role: 'user', parts: [{ text: 'A list?' }] },
    { role: 'model', parts: [{ text: '1.' }] },
  ]
  expect(writtenFor('google/gemini-3.5-flash', [user, begun])).toEqual([asked, answer])
  expect(writtenFor('google/gemini-3.6-flash', [user, begun])).toEqual([asked])
})

it('Claude from 4.6 on does not continue one', () => {
  const messages = (id: string): unknown => writtenFor(id, [user, begun])
  expect(messages('anthropic/claude-sonnet-4-5')).toHaveLength(2)
  expect(messages('anthropic/claude-sonnet-4-6')).toHaveLength(1)
  expect(messages('anthropic/claude-opus-4-6')).toHaveLength(1)
})
