import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/kit/index.js'
import { codecFor } from '../../src/wire/index.js'
import { dataOf } from './streams.js'

const chat = codecFor('openai-chat')
const responses = codecFor('openai-responses')

describe('errors of providers that speak OpenAI', () => {
  it.each<[string, number, unknown, object]>([
    [
      'its own',
      400,
      { error: { message: 'bad', type: 'invalid_request_error', param: 'tools', code: 'invalid_value' } },
      { code: 'E_BAD_REQUEST', param: 'tools', upstreamType: 'invalid_value', final: true },
    ],
    [
      'a model it lacks',
      404,
      { error: { message: 'no', type: 'invalid_request_error', param: null, code: 'model_not_found' } },
      { code: 'E_UNKNOWN_MODEL', final: true },
    ],
    [
      'a limit of requests',
      429,
      { error: { message: 'slow', type: 'requests', code: 'rate_limit_exceeded' } },
      { code: 'E_RATE_LIMIT', final: false },
    ],
    [
      'an empty account',
      429,
      { error: { message: 'pay', type: 'insufficient_quota', code: 'insufficient_quota' } },
      { code: 'E_BUDGET', status: 402, final: true },
    ],
    ['a wrong key', 401, { error: { message: 'key', code: 'invalid_api_key' } }, { code: 'E_AUTH', final: true }],
    ['a text (Ollama)', 404, { error: 'model not found' }, { code: 'E_NOT_FOUND', message: 'model not found' }],
    ['a detail (FastAPI)', 500, { detail: 'boom' }, { code: 'E_UPSTREAM', message: 'boom' }],
    [
      'a bare message (Mistral)',
      422,
      { object: 'error', message: 'extra field', type: 'invalid' },
      { code: 'E_UNPROCESSABLE', message: 'extra field' },
    ],
    [
      'checks of the body (FastAPI, Mistral)',
      422,
      {
        object: 'error',
        message: {
          detail: [
            {
              type: 'extra_forbidden',
              loc: ['body', 'messages', 2, 'assistant', 'reasoning_content'],
              msg: 'Extra inputs are not permitted',
            },
            { type: 'missing', loc: ['body', 'model'], msg: 'Field required', input: { messages: 'secret' } },
          ],
        },
      },
      {
        code: 'E_UNPROCESSABLE',
        message: 'messages.2.assistant.reasoning_content: Extra inputs are not permitted; model: Field required',
      },
    ],
    [
      'checks without words around them',
      422,
      { detail: [{ type: 'missing', loc: ['body', 'model'], msg: 'Field required' }] },
      { code: 'E_UNPROCESSABLE', message: 'model: Field required' },
    ],
    [
      'an array (Gemini)',
      503,
      [{ error: { code: 503, message: 'busy', status: 'UNAVAILABLE' } }],
      { code: 'E_UNAVAILABLE', message: 'busy' },
    ],
    ['a text', 502, 'upstream connect error', { code: 'E_UPSTREAM', message: 'upstream connect error' }],
    ['a page', 502, '<html><head>\n<title>502 Bad Gateway</title>', { code: 'E_UPSTREAM', message: '502 Bad Gateway' }],
    ['a page without a title', 502, '<html>', { code: 'E_UPSTREAM', message: 'The provider answered with status 502.' }],
    ['nothing', 529, undefined, { code: 'E_OVERLOADED', message: 'The provider answered with status 529.' }],
  ])('read %s', (_name, status, body, expected) => {
    expect(chat.readFault(status, {}, body)).toMatchObject({ status, ...expected })
  })

  it('say how long to wait', () => {
    expect(chat.readFault(429, { 'retry-after': '2' }, {})).toMatchObject({ retryAfterMs: 2000 })
    expect(chat.readFault(429, { 'retry-after-ms': '150', 'retry-after': '2' }, {})).toMatchObject({ retryAfterMs: 150 })
    const absurd = chat.readFault(429, { 'retry-after': '1'.padEnd(24, '0') }, {})
    expect(chat.writeFault(absurd).headers).toMatchObject({ 'retry-after': String(31 * 86_400) })
    const date = 'Sat, 21 Nov 2026 12:00:00 GMT'
    expect(chat.readFault(429, { 'retry-after': 'Sat, 21 Nov 2026 12:00:03 GMT', date }, {})).toMatchObject({ retryAfterMs: 3000 })
    // What says nothing of when is not taken for now.
    for (const after of ['-1', 'soon', 'Sat, 21 Nov 2026 11:59:00 GMT'])
      expect(chat.readFault(429, { 'retry-after': after, date }, {}).retryAfterMs).toBeUndefined()
  })
})

describe('a fault told to an OpenAI client', () => {
  it('has type, code, parameter and hint in their places, and says whether to repeat', () => {
    const fault = new Fault('E_BAD_REQUEST', 'messages: expected an array', { param: 'messages', hint: 'Send a list.', final: true })
    expect(chat.writeFault(fault)).toEqual({
      status: 400,
      headers: { 'x-should-retry': 'false' },
      body: {
        error: { message: 'messages: expected an array. Send a list.', type: 'invalid_request_error', param: 'messages', code: null },
      },
    })
    const wait = chat.writeFault(new Fault('E_RATE_LIMIT', 'Slow down.', { retryAfterMs: 1500 }))
    expect(wait).toMatchObject({
      status: 429,
      headers: { 'retry-after': '2' },
      body: { error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    })
    expect(wait.headers).not.toHaveProperty('x-should-retry')
  })

  it('after the first byte is a chunk with an error in chat, a failed response in Responses', () => {
    const fault = new Fault('E_UPSTREAM', 'The provider cut the stream.')
    expect(dataOf(chat.writeStreamFault(fault))).toEqual([
      { error: { message: 'The provider cut the stream.', type: 'server_error', param: null, code: null } },
    ])
    expect(dataOf(responses.writeStreamFault(fault))).toMatchObject([
      { type: 'error', message: 'The provider cut the stream.' },
      { type: 'response.failed', response: { status: 'failed', error: { code: 'server_error', message: 'The provider cut the stream.' } } },
    ])
  })
})

describe('a malformed answer', () => {
  it('is the fault of the provider, not of the client', () => {
    const call = { id: 'a', type: 'function', function: { arguments: '{}' } }
    expect(() => chat.readReply({ choices: [{ message: { tool_calls: [call] } }] })).toThrow(
      expect.objectContaining({ code: 'E_UPSTREAM' }),
    )
    expect(() => chat.readReply({ ok: true })).toThrow(expect.objectContaining({ code: 'E_UPSTREAM' }))
    expect(() => responses.readReply({ output: [{ type: 'function_call' }] })).toThrow(expect.objectContaining({ code: 'E_UPSTREAM' }))
    const bad = { choices: [{ delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: 5 } }] } }] }
    expect(
      chat
        .eventReader()
        .read({ data: JSON.stringify(bad) })
        .at(-1),
    ).toMatchObject({ type: 'error', fault: { code: 'E_UPSTREAM' } })
  })

  it('without ids of calls is given some', () => {
    const call = (name: string) => ({ type: 'function', function: { name, arguments: '{}' } })
    const reply = chat.readReply({ id: 'c1', choices: [{ message: { tool_calls: [call('a'), call('b')] }, finish_reason: 'tool_calls' }] })
    expect(reply.choices[0]?.parts).toMatchObject([{ id: 'call_c1_0_0' }, { id: 'call_c1_0_1' }])
  })
})

describe('a malformed request', () => {
  const messages = [{ role: 'user', content: 'hi' }]
  it.each<[string, unknown]>([
    ['body', []],
    ['model', { messages }],
    ['messages', { model: 'm' }],
    ['messages', { model: 'm', messages: 'hi' }],
    ['messages.0', { model: 'm', messages: ['hi'] }],
    ['messages.0.role', { model: 'm', messages: [{ role: 'robot', content: 'x' }] }],
    ['messages.0.content', { model: 'm', messages: [{ role: 'user', content: 5 }] }],
    ['messages.0.content.1.text', { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'text' }] }] }],
    ['messages.0.content.0.image_url', { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }],
    ['messages.0.tool_calls.0.function', { model: 'm', messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'function' }] }] }],
    ['messages.0.tool_call_id', { model: 'm', messages: [{ role: 'tool', content: 'x' }] }],
    ['tools.0.function', { model: 'm', messages, tools: [{ type: 'function' }] }],
    ['temperature', { model: 'm', messages, temperature: 'hot' }],
    ['stream', { model: 'm', messages, stream: 'yes' }],
    ['response_format.json_schema', { model: 'm', messages, response_format: { type: 'json_schema' } }],
  ])('of chat is refused with %s named', (param, body) => {
    expect(() => chat.readRequest(body, { headers: {} })).toThrow(expect.objectContaining({ code: 'E_BAD_REQUEST', status: 400, param }))
  })

  it.each<[string, unknown]>([
    ['model', { input: 'hi' }],
    ['input', { model: 'm', input: 5 }],
    ['input.0.role', { model: 'm', input: [{ content: 'hi' }] }],
    ['input.0.type', { model: 'm', input: [{ type: 5 }] }],
    [
      'input.1.call_id',
      {
        model: 'm',
        input: [
          { role: 'user', content: 'hi' },
          { type: 'function_call', name: 'f', arguments: '{}' },
        ],
      },
    ],
    ['input.0.content.0.text', { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text' }] }] }],
    ['tools.0.name', { model: 'm', input: 'hi', tools: [{ type: 'function' }] }],
    ['max_output_tokens', { model: 'm', input: 'hi', max_output_tokens: '9' }],
  ])('of Responses is refused with %s named', (param, body) => {
    expect(() => responses.readRequest(body, { headers: {} })).toThrow(expect.objectContaining({ code: 'E_BAD_REQUEST', param }))
  })
})
