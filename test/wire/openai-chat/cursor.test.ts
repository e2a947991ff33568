import { describe, expect, it } from 'vitest'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { targetOf } from '../targets.js'

const RESPONSES_BODY = {
  model: 'llmroute-auto',
  stream: true,
  stream_options: { include_usage: true },
  instructions: 'Be brief.',
  input: [
    { role: 'user', content: [{ type: 'input_text', text: 'fix it' }] },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'RU5D' },
    { type: 'function_call', call_id: 'call_1', name: 'read_file', arguments: '{"path":"a"}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'text of a' },
  ],
  tools: [
    { type: 'function', name: 'read_file', description: 'reads', parameters: { type: 'object' }, strict: false },
    { type: 'custom', name: 'apply_patch', description: 'patches', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
  ],
  reasoning: { effort: 'high', summary: 'auto' },
  text: { verbosity: 'low' },
  store: false,
  include: ['reasoning.encrypted_content'],
}
const ANTHROPIC_SHAPED = {
  model: 'llmroute-auto',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'fix it' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Reading.' },
        { type: 'tool_use', id: 'toolu_1', name: 'read_file', input: { path: 'a' } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'text of a' }] },
        { type: 'text', text: 'go on' },
      ],
    },
  ],
  tools: [{ name: 'read_file', description: 'reads', input_schema: { type: 'object' } }],
  tool_choice: { type: 'auto' },
  stream: true,
}

describe('what Cursor posts to /chat/completions', () => {
  it('reads a Responses body and writes it as chat', () => {
    const request = openaiChat.readRequest(RESPONSES_BODY, { headers: {} })
    expect(request).toMatchObject({ model: 'llmroute-auto', stream: true, streamUsage: true, reasoning: { effort: 'high' } })
    expect(openaiChat.relayable?.(RESPONSES_BODY)).toBe(false)
    const { body, losses } = openaiChat.writeRequest(request, targetOf('m', {}, { keepsReasoning: false }))
    expect(body).toMatchObject({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'fix it' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'read_file', arguments: '{"path":"a"}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'text of a' },
      ],
      tools: [
        { type: 'function', function: { name: 'read_file', description: 'reads', parameters: { type: 'object' }, strict: false } },
        {
          type: 'custom',
          custom: {
            name: 'apply_patch',
            description: 'patches',
            format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } },
          },
        },
      ],
      reasoning_effort: 'high',
      stream: true,
      stream_options: { include_usage: true },
    })
    expect(body).not.toHaveProperty('input')
    expect(losses.map((loss) => loss.field).sort()).toEqual(['reasoning', 'text.verbosity'])
  })

  it('reads Anthropic tools and blocks and writes them as chat', () => {
    expect(openaiChat.relayable?.(ANTHROPIC_SHAPED)).toBe(false)
    const request = openaiChat.readRequest(ANTHROPIC_SHAPED, { headers: {} })
    expect(request.messages.map((m) => m.role)).toEqual(['system', 'user', 'assistant', 'tool', 'user'])
    expect(openaiChat.writeRequest(request, targetOf('m')).body).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'fix it' },
        {
          role: 'assistant',
          content: [{ type: 'text', text: 'Reading.' }],
          tool_calls: [{ id: 'toolu_1', function: { name: 'read_file', arguments: '{"path":"a"}' } }],
        },
        { role: 'tool', tool_call_id: 'toolu_1', content: [{ type: 'text', text: 'text of a' }] },
        { role: 'user', content: 'go on' },
      ],
      tools: [{ type: 'function', function: { name: 'read_file', description: 'reads', parameters: { type: 'object' } } }],
      tool_choice: 'auto',
    })
  })

  it('relays chat bodies, whatever fields they carry', () => {
    expect(
      openaiChat.relayable?.({
        model: 'm',
        messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
        tools: [{ type: 'function', function: { name: 'f' } }],
        new_field: 1,
      }),
    ).toBe(true)
  })
})
