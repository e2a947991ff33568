import { describe, expect, it } from 'vitest'
import { NO_USAGE } from '../../../src/canonical/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { openaiResponses } from '../../../src/wire/openai-responses/index.js'
import { clientBodies } from '../client-bodies.js'
import { CONTEXT, targetOf } from '../targets.js'

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

describe('what Codex’s built-in provider posts', () => {
  const { body } = clientBodies('openai-responses').find(({ name }) => name.endsWith('builtin-responses-lite'))!
  const request = openaiResponses.readRequest(body, { headers: {} })

  it('offers the tools that ride in its input to a chat model', () => {
    const written = openaiChat.writeRequest(request, targetOf('m', { needs: ['tools'], developerRole: false })).body
    const names = (written.tools as { function: { name: string } }[]).map((tool) => tool.function.name)
    expect(names.slice(0, 3)).toEqual(['functions__exec', 'functions__wait', 'functions__request_user_input'])
    expect((written.messages as { role: string }[]).map((m) => m.role)).toEqual(['system', 'user', 'user'])
  })

  it('gets a call of such a tool in its own words', () => {
    const parts = [{ type: 'tool-call' as const, id: 'c', name: 'functions__exec', args: '{"input":"ls"}' }]
    const reply = { choices: [{ parts, finish: 'tool-calls' as const }], usage: NO_USAGE }
    expect(openaiResponses.writeReply(reply, { ...CONTEXT, request }).output).toMatchObject([
      { type: 'custom_tool_call', namespace: 'functions', name: 'exec', input: 'ls', call_id: 'c' },
    ])
  })
})

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

  it.each([
    [{ type: 'any' }, 'required'],
    [{ type: 'tool', name: 'f' }, { name: 'f' }],
    [{ type: 'function', name: 'f' }, { name: 'f' }],
  ])('reads the choice of a tool in other formats’ words: %j', (tool_choice, toolChoice) => {
    const asked = {
      model: 'm',
      messages: [{ role: 'user', content: 'x' }],
      tools: [{ type: 'function', function: { name: 'f' } }],
      tool_choice,
    }
    expect(openaiChat.relayable?.(asked)).toBe(false)
    expect(openaiChat.readRequest(asked, { headers: {} }).toolChoice).toEqual(toolChoice)
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
