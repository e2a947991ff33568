import { describe, expect, it } from 'vitest'
import type { SseEvent } from '../../src/kit/index.js'
import { Fault } from '../../src/kit/index.js'
import { judgeFailure } from '../../src/route/judge-failure.js'
import { codecFor, isErrorInside } from '../../src/wire/index.js'

type Said = readonly [who: string, status: number, body: unknown]

const chat = codecFor('openai-chat')
const verdict = (fault: Fault, status: number) => judgeFailure({ fault, status, sent: true, afterSend: 'failover' })

/** Error answers as the vendors give them: all of these mean what their status does not say. */
describe('an error whose status misleads', () => {
  const LOW: readonly Said[] = [
    [
      'OpenAI',
      429,
      { error: { message: 'You exceeded your current quota', type: 'insufficient_quota', param: null, code: 'insufficient_quota' } },
    ],
    [
      'Moonshot',
      429,
      { error: { message: 'Your account org-1 <ak-1> is suspended, please check your plan', type: 'exceeded_current_quota_error' } },
    ],
    ['DeepSeek', 402, { error: { message: 'Insufficient Balance', type: 'unknown_error', param: null, code: 'invalid_request_error' } }],
    ['Z.ai', 429, { error: { code: '1113', message: 'Insufficient balance or no resource package. Please recharge.' } }],
    ['MiniMax', 500, { type: 'error', error: { type: 'api_error', message: 'insufficient balance (1008)' } }],
    ['MiniMax in a 200', 200, { choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }],
    ['DashScope', 400, { error: { code: 'Arrearage', message: 'Access denied, please make sure your account is in good standing.' } }],
    ['xAI', 403, { code: 'The caller does not have permission', error: "Your newly created team doesn't have any credits yet." }],
  ]
  it.each(LOW)('is an empty account at %s', (_who, status, body) => {
    const fault = chat.readFault(status, {}, body)
    expect(fault).toMatchObject({ code: 'E_BUDGET', status: 402, final: true })
    expect(verdict(fault, status)).toMatchObject({ walk: 'next', passing: false, health: { kind: 'misconfigured' }, billed: 'no' })
  })

  it('is an empty account at Anthropic', () => {
    const message =
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.'
    const fault = codecFor('anthropic-messages').readFault(400, {}, { type: 'error', error: { type: 'invalid_request_error', message } })
    expect(fault).toMatchObject({ code: 'E_BUDGET', message })
    expect(verdict(fault, 400)).toMatchObject({ walk: 'next', health: { kind: 'misconfigured' } })
  })

  it('is a wrong key at xAI and Google, and a place that Google does not serve', () => {
    const xai = { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: xa***ey. You can obtain one.' }
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }]
    const google = { error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT', details } }
    const place = { error: { code: 400, message: 'User location is not supported for the API use.', status: 'FAILED_PRECONDITION' } }
    const gemini = codecFor('gemini')
    const faults = [chat.readFault(400, {}, xai), gemini.readFault(400, {}, google), gemini.readFault(400, {}, place)]
    expect(faults.map((f) => f.code)).toEqual(['E_AUTH', 'E_AUTH', 'E_FORBIDDEN'])
    for (const fault of faults) expect(verdict(fault, 400)).toMatchObject({ walk: 'next', health: { kind: 'misconfigured' } })
  })

  it.each<Said>([
    ['DeepSeek', 400, { error: { message: 'Model Not Exist', type: 'invalid_request_error', param: null, code: 'invalid_request_error' } }],
    ['OpenRouter', 400, { error: { message: 'acme/x is not a valid model ID', code: 400 }, user_id: 'u' }],
    ['Mistral', 400, { object: 'error', message: 'Invalid model: x', type: 'invalid_model', param: null, code: '1500' }],
    [
      'Groq',
      400,
      { error: { message: 'The model `x` has been decommissioned', type: 'invalid_request_error', code: 'model_decommissioned' } },
    ],
    ['Z.ai', 400, { error: { code: '1211', message: 'Unknown Model, please check the model code.' } }],
  ])('is a model that %s lacks', (_who, status, body) => {
    const fault = chat.readFault(status, {}, body)
    expect(fault.code).toBe('E_UNKNOWN_MODEL')
    expect(verdict(fault, status)).toMatchObject({ walk: 'next', health: { kind: 'misconfigured' } })
  })

  it('is a limit on the answer that vLLM has no room for, which a shorter conversation would not mend', () => {
    const message =
      "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 32768 tokens and your request has 17459 input tokens"
    const fault = chat.readFault(400, {}, { error: { message, type: 'BadRequestError', param: 'max_tokens', code: 400 } })
    expect(fault.upstreamType).toBe('unsupported_by_model')
    expect(verdict(fault, 400)).toMatchObject({ walk: 'next', health: { kind: 'neutral' } })
  })

  it('is the model’s own mistake at Groq, for which another model may be asked', () => {
    const message = "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details."
    const error = { message, type: 'invalid_request_error', code: 'tool_use_failed', failed_generation: '<function=f>' }
    for (const status of [400, 200]) {
      const fault = chat.readFault(status, {}, { error })
      expect(fault).toMatchObject({ code: 'E_UPSTREAM', final: false })
      expect(verdict(fault, status)).toMatchObject({ walk: 'next', passing: true, billed: 'no' })
    }
  })
})

describe('a prompt longer than the window', () => {
  it.each<Said>([
    [
      'OpenAI',
      400,
      {
        error: {
          message: 'Your input exceeds the context window of this model.',
          type: 'invalid_request_error',
          code: 'context_length_exceeded',
        },
      },
    ],
    ['DeepSeek', 400, { error: { message: "This model's maximum context length is 131072 tokens. However, you requested 150000 tokens" } }],
    ['vLLM', 400, { error: { message: "This model's maximum context length is 4096 tokens.", type: 'BadRequestError', code: 400 } }],
    ['Groq', 400, { error: { message: 'Please reduce the length of the messages or completion.', code: 'context_length_exceeded' } }],
    [
      'Groq by the minute',
      413,
      { error: { message: 'Request too large for model `x` on tokens per minute (TPM): Limit 6000', code: 'rate_limit_exceeded' } },
    ],
    ['Mistral', 400, { object: 'error', message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length' }],
    [
      'Moonshot',
      400,
      { error: { message: 'Invalid request: Your request exceeded model token limit: 262144', type: 'invalid_request_error' } },
    ],
    ['MiniMax', 400, { error: { message: 'invalid params, context window exceeds limit (2013)', type: 'bad_request_error' } }],
    ['xAI', 400, { code: 'x', error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens." }],
    [
      'llama.cpp',
      400,
      {
        error: {
          code: 400,
          message: 'request (9000 tokens) exceeds the available context size (8192 tokens)',
          type: 'exceed_context_size_error',
        },
      },
    ],
    ['LM Studio', 400, { error: 'The number of tokens to keep from the initial prompt is greater than the context length' }],
    ['Ollama', 400, { error: { message: 'prompt too long; exceeded max context length by 9 tokens', type: 'invalid_request_error' } }],
  ])('of %s has one name, and another model may have room', (_who, status, body) => {
    const fault = chat.readFault(status, {}, body)
    expect(fault).toMatchObject({ code: 'E_BAD_REQUEST', status: 400, upstreamType: 'context_length_exceeded' })
    expect(verdict(fault, status)).toMatchObject({ walk: 'next', passing: false, health: { kind: 'neutral' } })
  })

  it('is told to every client in the words that its vendor has for it', () => {
    const google = {
      error: { code: 400, message: 'The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).' },
    }
    const fault = codecFor('gemini').readFault(400, {}, google)
    expect(codecFor('anthropic-messages').writeFault(fault)).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', message: expect.stringMatching(/^prompt is too long: The input token count/) } },
    })
    expect(codecFor('openai-responses').writeFault(fault)).toMatchObject({
      status: 400,
      body: { error: { code: 'context_length_exceeded' } },
    })
    const own = new Fault('E_BAD_REQUEST', 'prompt is too long: 9 tokens > 8 maximum', { upstreamType: 'context_length_exceeded' })
    expect(codecFor('anthropic-messages').writeFault(own)).toMatchObject({ body: { error: { message: own.message } } })
  })
})

it.each([
  [408, { code: 504, status: 'DEADLINE_EXCEEDED' }],
  [529, { code: 503, status: 'UNAVAILABLE' }],
])('a Gemini client is told %i, which Google does not use, as Google says it', (status, expected) => {
  const rendered = codecFor('gemini').writeFault(new Fault('E_TIMEOUT', 'the batch expired before its turn came', { status }))
  expect(rendered).toMatchObject({ status: expected.code, body: { error: expected } })
})

describe('an error inside an answer of success', () => {
  it.each<readonly [who: string, body: unknown, expected: object]>([
    ['OpenRouter', { error: { code: 429, message: 'Provider returned error', metadata: {} } }, { code: 'E_RATE_LIMIT', status: 429 }],
    [
      'OpenRouter, in a choice',
      { choices: [{ finish_reason: 'error', error: { code: 502, message: 'x' } }] },
      { code: 'E_UPSTREAM', status: 502 },
    ],
    ['MiniMax', { base_resp: { status_code: 1002, status_msg: 'rate limit' } }, { code: 'E_RATE_LIMIT', status: 429 }],
    [
      'Ollama',
      { error: 'model runner has unexpectedly stopped' },
      { code: 'E_UPSTREAM', message: 'model runner has unexpectedly stopped' },
    ],
  ])('of %s is found and counts as the status it names', (_who, body, expected) => {
    expect(isErrorInside(body)).toBe(true)
    expect(chat.readFault(200, {}, body)).toMatchObject(expected)
  })

  it('is not seen where there is none', () => {
    expect(isErrorInside({ choices: [{ message: { content: 'hi' } }], base_resp: { status_code: 0, status_msg: '' } })).toBe(false)
    expect(isErrorInside({ object: 'response', error: null, output: [] })).toBe(false)
  })

  it.each<readonly [how: string, event: SseEvent]>([
    ['a string (Ollama)', { data: '{"error":"boom"}' }],
    ['an event (LM Studio)', { event: 'error', data: '{"message":"boom"}' }],
    ['an object (older vLLM)', { data: '{"object":"error","message":"boom","type":"InternalServerError","code":500}' }],
    ['MiniMax', { data: '{"base_resp":{"status_code":1000,"status_msg":"boom"}}' }],
  ])('ends a stream, relayed or translated: %s', (_how, event) => {
    const [first] = chat.eventReader().read(event)
    expect(first).toMatchObject({ type: 'error', fault: { message: 'boom' } })
    const tap = chat.usageTap(false)
    tap.see({ data: '{"model":"m","choices":[]}' })
    const bytes = Buffer.from(`${event.event === undefined ? '' : `event: ${event.event}\n`}data: ${event.data}\n\n`)
    expect(tap.skim?.(bytes)).toBe(true)
    tap.see(event)
    expect(tap.seen.error?.message).toBe('boom')
  })
})
