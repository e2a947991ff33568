import { describe, expect, it } from 'vitest'
import { Fault } from '../../../src/kit/index.js'
import { gemini } from '../../../src/wire/gemini/index.js'

const RETRY = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' }
const BAD_KEY = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }
const PATH = { headers: {}, urlModel: 'm' }

function error(code: number, status: string, details?: readonly object[]) {
  return { error: { code, message: 'no', status, ...(details === undefined ? {} : { details }) } }
}

describe('errors of the provider', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 'E_BAD_REQUEST'],
    [400, 'FAILED_PRECONDITION', 'E_BAD_REQUEST'],
    [403, 'PERMISSION_DENIED', 'E_FORBIDDEN'],
    [404, 'NOT_FOUND', 'E_NOT_FOUND'],
    [500, 'INTERNAL', 'E_UPSTREAM'],
    [503, 'UNAVAILABLE', 'E_UNAVAILABLE'],
    [504, 'DEADLINE_EXCEEDED', 'E_UPSTREAM_TIMEOUT'],
  ] as const)('%i %s comes out as it went in', (code, status, expected) => {
    const fault = gemini.readFault(code, {}, error(code, status))
    expect(fault).toMatchObject({ code: expected, status: code, upstreamType: status })
    expect(gemini.writeFault(fault)).toMatchObject({ status: code, body: error(code, status) })
  })

  it('say how long to wait, in the body alone, and in an array when the answer was to be one', () => {
    const fault = gemini.readFault(429, {}, [error(429, 'RESOURCE_EXHAUSTED', [RETRY])])
    expect(fault).toMatchObject({ code: 'E_RATE_LIMIT', retryAfterMs: 34_000, final: false })
    expect(gemini.writeFault(fault)).toEqual({
      status: 429,
      headers: { 'retry-after': '34' },
      body: error(429, 'RESOURCE_EXHAUSTED', [RETRY]),
    })
  })

  it('take a wrong key for what it is, though its status is 400', () => {
    expect(gemini.readFault(400, {}, error(400, 'INVALID_ARGUMENT', [BAD_KEY])).code).toBe('E_AUTH')
  })

  it('of another format are said with a status that Google knows', () => {
    const { status, body } = gemini.writeFault(new Fault('E_OVERLOADED', 'Overloaded', { upstreamType: 'overloaded_error' }))
    expect([status, body]).toEqual([503, { error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } }])
  })
})

describe('a malformed request', () => {
  const contents = [{ parts: [{ text: 'hi' }] }]
  it.each([
    ['contents', {}],
    ['contents.0.role', { contents: [{ role: 'assistant', parts: [] }] }],
    ['contents.0.parts.0', { contents: [{ parts: ['hi'] }] }],
    ['contents.0.parts.0.functionCall.name', { contents: [{ role: 'model', parts: [{ functionCall: {} }] }] }],
    ['tools.0.functionDeclarations.0.name', { contents, tools: [{ functionDeclarations: [{}] }] }],
    ['generationConfig.temperature', { contents, generationConfig: { temperature: '1' } }],
  ])('is a 400 that names %s', (param, body) => {
    expect(() => gemini.readRequest(body, PATH)).toThrow(expect.objectContaining({ code: 'E_BAD_REQUEST', param }) as Fault)
  })
})

describe('countTokens', () => {
  it('takes a request as it is or wrapped', () => {
    const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
    const bare = gemini.readRequest({ contents }, PATH)
    expect(gemini.readRequest({ generateContentRequest: { model: 'models/m', contents } }, { headers: {} })).toMatchObject({
      model: bare.model,
      messages: bare.messages,
    })
    expect(gemini.writeTokenCount?.(31)).toEqual({ totalTokens: 31 })
  })
})

describe('calls and responses without ids', () => {
  it('are matched by name and order', () => {
    const call = (name: string, id?: string) => ({ functionCall: { name, args: {}, ...(id === undefined ? {} : { id }) } })
    const response = (name: string, output: string) => ({ functionResponse: { name, response: { output } } })
    const { messages } = gemini.readRequest(
      {
        contents: [
          { role: 'model', parts: [call('read'), call('write'), call('read', 'named')] },
          { role: 'user', parts: [response('write', 'w'), response('read', 'r1'), response('read', 'r2'), { text: 'go on' }] },
        ],
      },
      PATH,
    )
    const ids = messages[0]?.parts.map((part) => (part.type === 'tool-call' ? part.id : ''))
    const answered = messages[1]?.parts.map((part) => (part.type === 'tool-result' ? part.callId : ''))
    expect(new Set(ids).size).toBe(3)
    expect(answered).toEqual([ids?.[1], ids?.[0], 'named'])
    expect(messages.map((message) => message.role)).toEqual(['assistant', 'tool', 'user'])
  })
})

describe('a schema of the older kind', () => {
  it('is JSON schema neutrally', () => {
    const parameters = {
      type: 'OBJECT',
      properties: {
        tags: { type: 'ARRAY', items: { type: 'STRING', nullable: true }, minItems: '1' },
        kind: { type: 'STRING', enum: ['A'] },
      },
      required: ['tags'],
      propertyOrdering: ['tags', 'kind'],
    }
    const { tools } = gemini.readRequest(
      { contents: [{ parts: [{ text: 'hi' }] }], tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] },
      PATH,
    )
    expect(tools[0]).toMatchObject({
      schema: {
        type: 'object',
        properties: {
          tags: { type: 'array', items: { type: ['string', 'null'] }, minItems: 1 },
          kind: { type: 'string', enum: ['A'] },
        },
        required: ['tags'],
      },
    })
  })
})

describe('a malformed answer', () => {
  const body = { candidates: [{ content: { parts: [{ functionCall: {} }] }, finishReason: 'STOP' }] }

  it('is the fault of the provider, whole or streamed', () => {
    expect(() => gemini.readReply(body)).toThrow(expect.objectContaining({ code: 'E_UPSTREAM' }) as Fault)
    expect(gemini.eventReader().read({ data: JSON.stringify(body) })).toMatchObject([{ type: 'error', fault: { code: 'E_UPSTREAM' } }])
    expect(() => gemini.readReply({ choices: [] })).toThrow(expect.objectContaining({ code: 'E_UPSTREAM' }) as Fault)
  })
})
