import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Accepts, PARAMETERS } from '../../src/canonical/index.js'
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.js'
import { gemini } from '../../src/wire/gemini/index.js'
import { type Codec, spliceBody, type Target } from '../../src/wire/index.js'
import { openaiChat } from '../../src/wire/openai-chat/index.js'
import { openaiResponses } from '../../src/wire/openai-responses/index.js'
import { messagesBody } from './anthropic-messages/arbitrary.js'
import { geminiBody } from './gemini/arbitrary.js'
import { chatBody } from './openai-chat/arbitrary.js'
import { responsesBody } from './openai-responses/arbitrary.js'
import { targetOf } from './targets.js'

type Json = Record<string, unknown>

/** The relayed body and the written one; a model must be told the same either way. */
function fitted(codec: Codec, body: Json, target: Target): { relayed: Json; written: Json } {
  const bytes = spliceBody(Buffer.from(JSON.stringify(body)), body, codec.relaySplices(body, target))
  const written = codec.writeRequest(codec.readRequest(body, { headers: {}, urlModel: 'm' }), target).body
  return { relayed: JSON.parse(bytes.toString()) as Json, written: JSON.parse(JSON.stringify(written)) as Json }
}

const accepts: fc.Arbitrary<Partial<Accepts>> = fc.record({
  refuses: fc.subarray([...PARAMETERS]),
  maxTokensField: fc.constantFrom('max_tokens', 'max_completion_tokens'),
  developerRole: fc.boolean(),
  efforts: fc.constantFrom<Accepts['efforts']>([], ['low', 'high'], ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']),
  thinking: fc.constantFrom<Accepts['thinking']>('none', 'effort', 'budget', 'adaptive'),
  maxOutput: fc.constantFrom(null, 50),
})
const target = fc
  .record({ accepts, keepsReasoning: fc.boolean(), clampOutput: fc.constantFrom(null, 20, 1000) })
  .map(({ accepts, ...rest }) => targetOf('target-model', accepts, rest))

describe('fitting a request to what its model accepts', () => {
  it.each([
    ['chat', openaiChat, chatBody],
    ['Responses', openaiResponses, responsesBody],
    ['Messages', anthropicMessages, messagesBody],
    ['Gemini', gemini, geminiBody],
  ])('tells the model the same whether the %s body is relayed or written', (_name, codec, arbitrary) => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<object>, target, (generated, model) => {
        const { relayed, written } = fitted(codec, JSON.parse(JSON.stringify(generated)) as Json, model)
        expect(relayed).toEqual(written)
      }),
      { numRuns: 300 },
    )
  })

  const messages = [{ role: 'user', content: 'hi' }]
  it.each<[string, Json, Partial<Accepts>, Json, string[]]>([
    ['a limit under its other name', { max_tokens: 9 }, { maxTokensField: 'max_completion_tokens' }, { max_completion_tokens: 9 }, []],
    ['a limit beyond the model', { max_tokens: 9 }, { maxTokensField: 'max_tokens', maxOutput: 5 }, { max_tokens: 5 }, ['max_tokens']],
    ['whether to store it', { store: false }, { refuses: ['store'] }, {}, ['store']],
    ['temperature', { temperature: 0.5, top_p: 1 }, { refuses: ['temperature'] }, { top_p: 1 }, ['temperature']],
    [
      'an effort level it lacks',
      { reasoning_effort: 'xhigh' },
      { efforts: ['low', 'high'] },
      { reasoning_effort: 'high' },
      ['reasoning_effort'],
    ],
    ['effort where there is none', { reasoning_effort: 'low' }, { efforts: [] }, {}, ['reasoning_effort']],
    ['a forced call', { tool_choice: 'required' }, { refuses: ['forced_tool_choice'] }, { tool_choice: 'auto' }, ['tool_choice']],
  ])('changes %s', (_name, fields, accept, expected, lost) => {
    const model = targetOf('m', accept)
    const { relayed, written } = fitted(openaiChat, { model: 'auto', messages, ...fields }, model)
    expect(relayed).toEqual({ model: 'm', messages, ...expected })
    expect(written).toEqual(relayed)
    const request = openaiChat.readRequest({ model: 'auto', messages, ...fields }, { headers: {} })
    expect(openaiChat.writeRequest(request, model).losses.map((loss) => loss.field)).toEqual(lost)
  })

  it('gives Mistral ids of nine letters and digits, the same for a call and its result on every turn', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })
    const body = {
      model: 'm',
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: [call('toolu_01A'), call('abcDEF123')] },
        { role: 'tool', tool_call_id: 'toolu_01A', content: 'x' },
        { role: 'tool', tool_call_id: 'abcDEF123', content: 'y' },
      ],
    }
    const { relayed, written } = fitted(openaiChat, body, targetOf('m', { refuses: ['foreign_call_ids'] }))
    expect(written).toEqual(relayed)
    const [, said, first, second] = relayed.messages as [Json, { tool_calls: { id: string }[] }, Json, Json]
    expect(said.tool_calls[0]?.id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect([first.tool_call_id, second.tool_call_id]).toEqual(said.tool_calls.map(({ id }) => id))
    expect(second.tool_call_id).toBe('abcDEF123')
  })

  it('gives the text of a result as a string to servers other than OpenAI, whatever parts it came in', () => {
    const said = (words: string) => ({ type: 'text', text: words })
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }
    const result = { role: 'tool', tool_call_id: 'call_1', content: [said('a'), said('b')] }
    const body = { model: 'm', messages: [...messages, { role: 'assistant', content: null, tool_calls: [call] }, result] }
    const { relayed, written } = fitted(openaiChat, body, targetOf('m', { developerRole: false }))
    expect(written).toEqual(relayed)
    expect((relayed.messages as Json[]).at(-1)).toEqual({ ...result, content: 'a\n\nb' })
    const marked = { ...result, content: [{ ...said('a'), cache_control: { type: 'ephemeral' } }] }
    const cached = { ...body, messages: [...body.messages.slice(0, -1), marked] }
    expect(fitted(openaiChat, cached, targetOf('m', { developerRole: false })).relayed).toEqual(cached)
    expect(fitted(openaiChat, body, targetOf('m')).relayed).toEqual(body)
  })

  it('gives the words of all but the user as a string to servers other than OpenAI, refusals among them', () => {
    const text = (words: string): Json => ({ type: 'text', text: words })
    const said = [
      { role: 'system', content: [text('Be'), text('brief.')] },
      { role: 'user', content: [text('So?')] },
      { role: 'assistant', content: [text('I '), { type: 'refusal', refusal: 'will not.' }] },
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: [{ type: 'thinking', thinking: [text('Hm.')] }, text('Bored.')] },
      { role: 'user', content: 'Oh.' },
    ]
    const body = { model: 'm', messages: said }
    const contents = ({ messages }: Json): unknown[] => (messages as Json[]).map(({ content }) => content)
    const [, , , , thought] = contents(body)
    const expected = ['Be\n\nbrief.', [text('So?')], 'I will not.', 'Why?', thought, 'Oh.']
    for (const keepsReasoning of [true, false]) {
      const { relayed, written } = fitted(openaiChat, body, targetOf('m', { developerRole: false }, { keepsReasoning }))
      expect(written).toEqual(relayed)
      expect(contents(relayed)).toEqual(keepsReasoning ? expected : expected.with(4, 'Bored.'))
    }
    expect(fitted(openaiChat, body, targetOf('m')).relayed).toEqual(body)
  })

  it('gives OpenAI ids of 40 characters at most in chat, and of 64 in Responses; Kimi makes longer ones of long names', () => {
    const id = 'functions.mcp__github_enterprise__create_pull_request_review_comment:0'
    const chat = {
      model: 'm',
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: id, content: 'x' },
      ],
    }
    const input = [
      { role: 'user', content: 'a' },
      { type: 'function_call', call_id: id, name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: id, output: 'x' },
    ]
    const lengthsIn = (sent: Json): number[] => [...new Set(JSON.stringify(sent).match(/functions[^"]+/g))].map((sentId) => sentId.length)
    const asked = fitted(openaiChat, chat, targetOf('m'))
    const responded = fitted(openaiResponses, { model: 'm', input }, targetOf('m'))
    for (const { relayed, written } of [asked, responded]) expect(written).toEqual(relayed)
    expect([lengthsIn(asked.relayed), lengthsIn(responded.relayed)]).toEqual([[40], [64]])
    expect(lengthsIn(fitted(openaiChat, chat, targetOf('m', { developerRole: false })).relayed)).toEqual([id.length])
  })

  it('lets the assistant speak between results and the user where the model wants that, whatever else changes there', () => {
    const call = { id: 'toolu_01A', type: 'function', function: { name: 'f', arguments: '{}' } }
    const body = {
      model: 'm',
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: [call], reasoning_content: 'hm' },
        { role: 'tool', tool_call_id: 'toolu_01A', content: 'x' },
        { role: 'developer', content: 'Be brief.' },
        ...messages,
      ],
    }
    const refuses = ['user_after_tool', 'foreign_call_ids', 'reasoning_content'] as const
    const { relayed, written } = fitted(openaiChat, body, targetOf('m', { refuses, developerRole: false }))
    expect(written).toEqual(relayed)
    const sent = relayed.messages as readonly Json[]
    expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'system', 'user'])
    expect(JSON.stringify(sent)).not.toContain('hm')
  })

  it('leaves out the reasoning that agents repeat where the provider refuses the field, though the model made it', () => {
    const said = { role: 'assistant', content: 'b', reasoning_content: 'hm' }
    const body = { model: 'm', messages: [...messages, said, ...messages] }
    const { relayed, written } = fitted(openaiChat, body, targetOf('m', { refuses: ['reasoning_content'] }))
    expect(written).toEqual(relayed)
    expect(relayed.messages).toEqual([...messages, { role: 'assistant', content: 'b' }, ...messages])

    const thought = {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: '' },
        { type: 'text', text: 'b' },
      ],
    }
    const asked = { model: 'm', max_tokens: 9, messages: [...messages, thought, ...messages] }
    const request = anthropicMessages.readRequest(asked, { headers: {} })
    const { body: sent, losses } = openaiChat.writeRequest(request, targetOf('m', { refuses: ['reasoning_content'] }))
    expect(JSON.stringify(sent)).not.toContain('hm')
    expect(losses).toContainEqual({ field: 'reasoning', why: 'this model takes none back', matters: false })
  })

  it('takes another name for developers where the model knows none, and a prefill where it takes none', () => {
    const body = { model: 'm', messages: [{ role: 'developer', content: 'x' }, ...messages, { role: 'assistant', content: 'Sure' }] }
    const { relayed } = fitted(openaiChat, body, targetOf('m', { developerRole: false, refuses: ['prefill'] }))
    expect(relayed.messages).toEqual([{ role: 'system', content: 'x' }, ...messages])
  })

  it('keeps sealed reasoning for its own model and takes it from another, with the ids that depend on it', () => {
    const input = [
      { role: 'user', content: 'hi' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'RU5D' },
      { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'x' },
    ]
    expect(fitted(openaiResponses, { model: 'm', input }, targetOf('m')).relayed.input).toEqual(input)
    expect(fitted(openaiResponses, { model: 'm', input }, targetOf('m', {}, { keepsReasoning: false })).relayed.input).toEqual([
      { role: 'user', content: 'hi' },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'x' },
    ])
  })

  it('asks a model that does not reason for no reasoning', () => {
    const body = { model: 'm', input: 'hi', reasoning: { effort: 'low' }, include: ['reasoning.encrypted_content', 'x'] }
    expect(fitted(openaiResponses, body, targetOf('m', { thinking: 'none', efforts: [] })).relayed).toEqual({
      model: 'm',
      input: 'hi',
      include: ['x'],
    })
  })

  it('asks for usage in every chat stream', () => {
    const splices = openaiChat.relaySplices({ model: 'm', stream: true, messages }, targetOf('m'))
    expect(splices).toEqual([{ kind: 'include-usage' }])
    expect(openaiChat.relaySplices({ model: 'm', stream: true, stream_options: { include_usage: true }, messages }, targetOf('m'))).toEqual(
      [],
    )
  })
})
