import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/kit/index.js'
import { finalFault } from '../../src/route/final-fault.js'
import { type FailedAttempt, judgeFailure, refusesReasoning } from '../../src/route/judge-failure.js'
import { codecFor } from '../../src/wire/index.js'

const failed = (over: Partial<FailedAttempt>): FailedAttempt => ({
  fault: new Fault('E_UPSTREAM', 'broken'),
  status: null,
  sent: true,
  afterSend: 'failover',
  ...over,
})

describe('what a failure means', () => {
  it.each<[string, Partial<FailedAttempt>, string, string, string]>([
    ['a client that left', { fault: new Fault('E_CANCELLED', 'gone') }, 'stop', 'neutral', 'maybe'],
    ['a refused connection', { sent: false }, 'next', 'failed', 'no'],
    ['a reset after sending', {}, 'same', 'failed', 'maybe'],
    ['silence', { fault: new Fault('E_UPSTREAM_TIMEOUT', 'late') }, 'next', 'failed', 'maybe'],
    [
      'silence, where a second bill is worse',
      { fault: new Fault('E_UPSTREAM_TIMEOUT', 'late'), afterSend: 'never' },
      'stop',
      'failed',
      'maybe',
    ],
    ['an unusable 200', { status: 200 }, 'next', 'failed', 'maybe'],
    [
      'an error inside a 200',
      { status: 200, fault: new Fault('E_OVERLOADED', 'x', { status: 529, upstreamType: 'overloaded_error' }) },
      'next',
      'failed',
      'no',
    ],
    ['a redirect', { status: 307 }, 'next', 'misconfigured', 'no'],
    ['too many open files here', { sent: false, fault: new Fault('E_UNAVAILABLE', 'x') }, 'next', 'neutral', 'no'],
    ['400', { status: 400 }, 'stop', 'neutral', 'no'],
    ['400 to a body of our own', { status: 400, translated: true }, 'next', 'neutral', 'no'],
    ['401', { status: 401 }, 'next', 'misconfigured', 'no'],
    ['401 for a credential of the client', { status: 401, clientsKey: true }, 'next', 'neutral', 'no'],
    ['404', { status: 404 }, 'next', 'misconfigured', 'no'],
    ['405, of another address than the one meant', { status: 405 }, 'next', 'misconfigured', 'no'],
    ['410, of a model that was taken away', { status: 410 }, 'next', 'misconfigured', 'no'],
    ['408', { status: 408 }, 'same', 'failed', 'no'],
    ['413', { status: 413 }, 'stop', 'neutral', 'no'],
    ['429', { status: 429 }, 'next', 'limited', 'no'],
    ['498, of Groq’s flex service', { status: 498 }, 'next', 'limited', 'no'],
    ['500', { status: 500 }, 'next', 'failed', 'no'],
    ['529', { status: 529 }, 'next', 'failed', 'no'],
    ['a mistake of our own', { unsent: true, sent: false, fault: new Fault('E_INTERNAL', 'x') }, 'next', 'neutral', 'no'],
    ['a missing key', { unsent: true, sent: false, fault: new Fault('E_AUTH', 'x') }, 'next', 'misconfigured', 'no'],
  ])('%s', (_name, over, walk, health, billed) => {
    expect(judgeFailure(failed(over))).toMatchObject({ walk, billed, health: { kind: health } })
  })
})

describe('what the client is told in the end', () => {
  const failure = (over: Partial<FailedAttempt>, model = 'p/m') => {
    const f = failed(over)
    return { model, fault: f.fault, status: f.status, verdict: judgeFailure(f) }
  }

  it('is 429 when every model is out of quota, with the soonest time', () => {
    const fault = finalFault([failure({ status: 429 }), failure({ status: 429 }, 'p/n')], 4000, '01CALL')
    expect(fault).toMatchObject({ status: 429, retryAfterMs: 4000, final: false })
    expect(fault.message).toContain('p/m, p/n')
  })
  it('is 503 when they failed for other passing reasons', () => {
    expect(finalFault([failure({ status: 429 }), failure({ status: 500 })], null, '01CALL')).toMatchObject({ status: 503, final: false })
  })
  it('invites no repeat that could be a second bill', () => {
    const fault = finalFault([failure({ status: 200 }), failure({ status: 500 })], null, '01CALL')
    expect(fault).toMatchObject({ status: 503, final: true })
    expect(fault.retryAfterMs).toBeUndefined()
  })
  it('is 504 when the one attempt that may be billed got no answer', () => {
    const fault = new Fault('E_UPSTREAM_TIMEOUT', 'late')
    expect(finalFault([failure({ fault, afterSend: 'never' })], null, '01CALL')).toMatchObject({ status: 504, final: true })
  })
  it('is the provider’s own word on a bad request', () => {
    const fault = new Fault('E_BAD_REQUEST', 'too many tokens', { status: 400, param: 'max_tokens' })
    expect(finalFault([failure({ status: 400, fault })], null, '01CALL')).toMatchObject({
      status: 400,
      message: 'too many tokens',
      param: 'max_tokens',
      final: true,
    })
  })
  it('does not pass on a 401 that was meant for us', () => {
    const hint = 'The ledger has every attempt: `llmroute log 01CALL`.'
    expect(finalFault([failure({ status: 401 })], null, '01CALL')).toMatchObject({ status: 502, final: true, hint })
  })
  it('says that all models rest when none was even tried', () => {
    expect(finalFault([], 7000, '01CALL')).toMatchObject({ code: 'E_NO_CANDIDATE', status: 503, retryAfterMs: 7000 })
  })
})

const chat = codecFor('openai-chat')
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }

function refuses(message: string, status: number, said: object): boolean {
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b', ...said },
  ]
  return refusesReasoning(new Fault('E_BAD_REQUEST', message), status, chat.readRequest({ model: 'm', messages }, { headers: {} }))
}

describe('a request refused for the reasoning that it repeats', () => {
  const thought = { reasoning_content: 'hm' }

  it.each([
    ['Corrupted thought signature.', 400],
    ['messages.1.content.0: Invalid `signature` in `thinking` block', 400],
    ['The encrypted content U0lH could not be verified.', 400],
    [
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
      400,
    ],
    ["Extra inputs are not permitted, field: 'messages[1].reasoning_content'", 422],
  ])('is known by the words: %s (%d)', (message, status) => {
    expect(refuses(message, status, thought)).toBe(true)
    expect(refuses(message, status, {})).toBe(false)
  })

  it('is known where a server does not know the field of a signature', () => {
    const signed = { tool_calls: [{ ...call, extra_content: { google: { thought_signature: 'c2ln' } } }] }
    expect(refuses("Unknown parameter: 'messages[1].tool_calls[0].extra_content'.", 400, signed)).toBe(true)
  })

  it('is not one that was refused for something else, or that failed', () => {
    expect(refuses('max_tokens: 128000 > 64000', 400, thought)).toBe(false)
    expect(refuses('reasoning_content', 500, thought)).toBe(false)
  })
})
