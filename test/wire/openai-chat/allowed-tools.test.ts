import { describe, expect, it } from 'vitest'
import { codecFor, spliceBody, type Target } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { targetOf } from '../targets.js'

type Json = Readonly<Record<string, unknown>>
const tool = (name: string): Json => ({ type: 'function', function: { name, parameters: { type: 'object', properties: {} } } })
const messages = [{ role: 'user', content: 'go' }]
const asking = (mode: string): Json => ({
  model: 'm',
  messages,
  tools: [tool('a'), tool('b'), tool('c')],
  tool_choice: { type: 'allowed_tools', allowed_tools: { mode, tools: [tool('b')] } },
})

function relayed(body: Json, target: Target): Json {
  return JSON.parse(spliceBody(Buffer.from(JSON.stringify(body)), body, openaiChat.relaySplices(body, target)).toString()) as Json
}

describe('a choice among some tools', () => {
  const other = targetOf('m', { developerRole: false })
  const unforced = targetOf('m', { developerRole: false, refuses: ['forced_tool_choice'] })

  it('stays as it is for OpenAI', () => {
    expect(relayed(asking('auto'), targetOf('m'))).toEqual(asking('auto'))
  })

  it.each([
    ['auto', other, 'auto'],
    ['required', other, 'required'],
    ['required', unforced, 'auto'],
  ] as const)('of the mode %s is said to other servers by the tools that they are offered', (mode, target, choice) => {
    expect(relayed(asking(mode), target)).toEqual({ model: 'm', messages, tools: [tool('b')], tool_choice: choice })
  })

  it('comes from clients of Google, whose names of functions it is', () => {
    const declaration = (name: string): Json => ({ name, parametersJsonSchema: { type: 'object', properties: {} } })
    const body = {
      contents: [{ role: 'user', parts: [{ text: 'go' }] }],
      tools: [{ functionDeclarations: [declaration('a'), declaration('b'), declaration('c')] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['b', 'c'] } },
    }
    const request = codecFor('gemini').readRequest(body, { headers: {}, urlModel: 'm', urlStream: false })
    expect(openaiChat.writeRequest(request, other).body).toMatchObject({ tools: [tool('b'), tool('c')], tool_choice: 'required' })
  })
})
