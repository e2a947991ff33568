import { describe, expect, it } from 'vitest'
import { Fault } from '../../../src/kit/index.js'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'

const error = (type: string, message = 'no') => ({ type: 'error', error: { type, message } })

describe('errors of the provider', () => {
  it.each([
    [400, 'invalid_request_error', 'E_BAD_REQUEST', true],
    [401, 'authentication_error', 'E_AUTH', true],
    [404, 'not_found_error', 'E_NOT_FOUND', true],
    [413, 'request_too_large', 'E_TOO_LARGE', true],
    [429, 'rate_limit_error', 'E_RATE_LIMIT', false],
    [500, 'api_error', 'E_UPSTREAM', false],
    [529, 'overloaded_error', 'E_OVERLOADED', false],
  ] as const)('%i %s comes out as it went in', (status, type, code, final) => {
    const fault = anthropicMessages.readFault(status, { 'retry-after': '7' }, error(type))
    expect(fault).toMatchObject({ code, status, final, upstreamType: type, retryAfterMs: 7000, message: 'no' })
    const rendered = anthropicMessages.writeFault(fault)
    expect(rendered).toEqual({
      status,
      headers: { 'retry-after': '7', ...(final ? { 'x-should-retry': 'false' } : {}) },
      body: error(type),
    })
  })

  it('that are not the format’s own (a proxy’s page) keep their status', () => {
    expect(anthropicMessages.readFault(502, {}, '<html>')).toMatchObject({ code: 'E_UPSTREAM', status: 502 })
  })

  it('of another format are said with this one’s types', () => {
    const { body } = anthropicMessages.writeFault(
      new Fault('E_UNKNOWN_MODEL', 'No model m', { hint: 'Did you mean n?', upstreamType: 'NOT_FOUND' }),
    )
    expect(body).toEqual(error('not_found_error', 'No model m. Did you mean n?'))
  })

  it('of an overloaded provider are retried by clients, with the status they know', () => {
    expect(anthropicMessages.writeFault(anthropicMessages.readFault(529, {}, error('overloaded_error')))).toMatchObject({
      status: 529,
      headers: {},
    })
  })
})

describe('a malformed request', () => {
  const ask = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] }
  it.each([
    ['body', 'hi'],
    ['model', { ...ask, model: 1 }],
    ['messages', { ...ask, messages: 'hi' }],
    ['messages.0.role', { ...ask, messages: [{ role: 'tool', content: '' }] }],
    ['messages.0.content', { ...ask, messages: [{ role: 'user', content: 5 }] }],
    ['messages.0.content.0.text', { ...ask, messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    [
      'messages.0.content.0.input',
      { ...ask, messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'b', input: '{}' }] }] },
    ],
    ['tools.0.name', { ...ask, tools: [{}] }],
    ['tool_choice.type', { ...ask, tool_choice: { type: 'some' } }],
    ['temperature', { ...ask, temperature: '1' }],
    ['stop_sequences.1', { ...ask, stop_sequences: ['a', 2] }],
  ])('is a 400 that names %s', (param, body) => {
    expect(() => anthropicMessages.readRequest(body, { headers: {} })).toThrow(
      expect.objectContaining({ code: 'E_BAD_REQUEST', param }) as Fault,
    )
  })
})

describe('count_tokens', () => {
  it('has the body of a request, without a limit, and a count for an answer', () => {
    const body = { model: 'm', system: 'rules', messages: [{ role: 'user', content: 'hi' }] }
    expect(anthropicMessages.readRequest(body, { headers: {} }).maxOutputTokens).toBeUndefined()
    expect(anthropicMessages.writeTokenCount?.(12)).toEqual({ input_tokens: 12 })
  })
})

describe('what a request tells of its conversation', () => {
  it('is the session that Claude Code names in a header, and its system prompt without billing data', () => {
    const system = [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.329; cc_entrypoint=sdk-cli;' },
      { type: 'text', text: 'rules', cache_control: { type: 'ephemeral' } },
    ]
    const request = anthropicMessages.readRequest(
      { model: 'm', max_tokens: 1, system, messages: [{ role: 'user', content: 'hi' }] },
      { headers: { 'x-claude-code-session-id': 'session-1' } },
    )
    expect(request.cacheKey).toBe('session-1')
    expect(request.messages[0]?.parts).toEqual([{ type: 'text', text: 'rules', cache: { ttl: '5m' } }])
  })
})

describe('a malformed answer', () => {
  it('is the fault of the provider', () => {
    for (const body of [{ content: [{ type: 'tool_use', id: 'a', name: 'b', input: '{}' }] }, { choices: [] }, 'hi']) {
      expect(() => anthropicMessages.readReply(body)).toThrow(expect.objectContaining({ code: 'E_UPSTREAM' }) as Fault)
    }
  })
})
