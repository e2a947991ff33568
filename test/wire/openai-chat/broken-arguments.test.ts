import { describe, expect, it } from 'vitest'
import { codecFor, spliceBody, type Target } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { targetOf } from '../targets.js'

type Json = Readonly<Record<string, unknown>>

const OPENAI = targetOf('m')
const OTHER = targetOf('m', { developerRole: false })

/** The arguments of a call of the history as a target gets them from a client of chat, and from one of Responses. */
function sent(args: string, target: Target): readonly unknown[] {
  const call = { id: 'c1', type: 'function', function: { name: 'write', arguments: args } }
  const body = {
    model: 'm',
    messages: [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'not run' },
    ],
  }
  const relayed = JSON.parse(spliceBody(Buffer.from(JSON.stringify(body)), body, openaiChat.relaySplices(body, target)).toString()) as Json
  const input = [
    { role: 'user', content: 'go' },
    { type: 'function_call', call_id: 'c1', name: 'write', arguments: args },
    { type: 'function_call_output', call_id: 'c1', output: 'not run' },
  ]
  const request = codecFor('openai-responses').readRequest({ model: 'm', input }, { headers: {} })
  return [relayed, openaiChat.writeRequest(request, target).body].map(({ messages }) => {
    const [, said] = messages as readonly { readonly tool_calls: readonly (typeof call)[] }[]
    return said?.tool_calls[0]?.function.arguments
  })
}

/** vLLM and llama.cpp: "Failed to parse tool call arguments as JSON". */
describe('arguments that are no JSON object', () => {
  it.each([
    ['cut by the limit on the answer', '{"path":"a.ts","text":"impo', '{"arguments":"{\\"path\\":\\"a.ts\\",\\"text\\":\\"impo"}'],
    ['with a quote too many', '{"text":"He said "hello""}', '{"arguments":"{\\"text\\":\\"He said \\"hello\\"\\"}"}'],
    ['a list', '["a.ts"]', '{"arguments":["a.ts"]}'],
    ['none', '', '{}'],
  ])('are put into one for servers other than OpenAI: %s', (_what, args, expected) => {
    expect(sent(args, OTHER)).toEqual([expected, expected])
  })

  it('stay as they are for OpenAI, which reads any text, and so do spaces within an object', () => {
    expect(sent('{"path":"a.ts","text":"impo', OPENAI)[0]).toBe('{"path":"a.ts","text":"impo')
    expect(sent('{ "path": "a.ts" }', OTHER)).toEqual(['{ "path": "a.ts" }', '{ "path": "a.ts" }'])
  })
})
