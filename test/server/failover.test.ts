import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { callJson } from '../../src/ledger/index.js'
import { decisionReader, explain, explanationText } from '../../src/report/index.js'
import { ANSWER, type Behaviour, type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let one: FakeProvider
let two: FakeProvider
let daemon: TestDaemon

beforeEach(async () => {
  one = await startFakeProvider()
  two = await startFakeProvider()
  // Long enough for a provider that answers to do so on a busy machine; `total` ends before the shortest `retry-after` that is not waited for.
  daemon = await runDaemon(twoProviders(one.origin, two.origin, { timeouts: { connect: '3s', firstByte: '3s', idle: '3s', total: '12s' } }))
})
afterEach(async () => {
  await daemon.end()
  await one.close()
  await two.close()
})

async function textOf(response: Response, stream: boolean): Promise<string> {
  if (!stream) return ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content ?? ''
  const chunks = (await response.text())
    .split('\n\n')
    .filter((e) => e.startsWith('data: {'))
    .map((e) => JSON.parse(e.slice(6)) as { choices: { delta: { content?: string } }[] })
  return chunks.map((c) => c.choices[0]?.delta.content ?? '').join('')
}

interface Case {
  readonly how: Behaviour
  readonly name: string
  readonly outcome: string
  readonly billed: string
  /** Posts that the failing provider gets. */
  readonly posts: number
  readonly only?: 'json' | 'stream'
}

const CASES: readonly Case[] = [
  { name: '429', how: { status: 429 }, outcome: 'error', billed: 'no', posts: 1 },
  { name: '500', how: { status: 500 }, outcome: 'error', billed: 'no', posts: 1 },
  { name: '503 with HTML', how: { status: 503, body: '<html>', type: 'text/html' }, outcome: 'error', billed: 'no', posts: 1 },
  { name: '529', how: { status: 529 }, outcome: 'error', billed: 'no', posts: 1 },
  { name: '401 (our key)', how: { status: 401 }, outcome: 'error', billed: 'no', posts: 1 },
  { name: '404 (model gone)', how: { status: 404 }, outcome: 'error', billed: 'no', posts: 1 },
  {
    name: 'a redirect, which would take the key elsewhere',
    how: { status: 307, headers: { location: 'https://elsewhere.example/v1' }, body: '{}' },
    outcome: 'error',
    billed: 'no',
    posts: 1,
  },
  { name: '408, once more', how: { status: 408 }, outcome: 'error', billed: 'no', posts: 2 },
  { name: 'a reset before the first byte, once more', how: 'reset', outcome: 'error', billed: 'maybe', posts: 2 },
  { name: 'silence', how: 'stall', outcome: 'timeout', billed: 'maybe', posts: 1 },
  { name: 'HTML with status 200', how: 'html', outcome: 'error', billed: 'maybe', posts: 1 },
  { name: 'JSON cut in half', how: 'cut-json', outcome: 'error', billed: 'maybe', posts: 1, only: 'json' },
  { name: 'a reset within JSON', how: 'reset-mid', outcome: 'error', billed: 'maybe', posts: 1, only: 'json' },
  { name: 'an error as first event', how: 'error-first', outcome: 'error', billed: 'no', posts: 1, only: 'stream' },
  { name: 'another type than a stream', how: 'wrong-type', outcome: 'error', billed: 'maybe', posts: 1, only: 'stream' },
]

describe.each([false, true])('failover before the first byte, stream %s', (stream) => {
  it.each(CASES.filter((c) => c.only === undefined || (c.only === 'stream') === stream))('$name', async (c) => {
    one.behave(() => c.how)
    const response = await daemon.post({ ...HELLO, stream })
    expect(response.status).toBe(200)
    expect(await textOf(response, stream)).toBe(ANSWER)
    expect(response.headers.get('x-llmroute-model')).toBe('two/b')
    expect(response.headers.get('x-llmroute-reason')).toMatch(/; then two\/b was asked$/)
    expect(Number(response.headers.get('x-llmroute-attempts'))).toBe(c.posts + 1)
    expect(one.posts.length).toBe(c.posts)
    expect(two.posts.length).toBe(1)
    const { call, attempts } = daemon.call(response.headers.get('x-llmroute-call'))
    expect(call).toMatchObject({ status: 'ok', chosen: 'one/a', model: 'two/b' })
    expect(attempts.map((a) => a.model)).toEqual([...Array(c.posts).fill('one/a'), 'two/b'])
    expect(attempts[0]).toMatchObject({ outcome: c.outcome, billed: c.billed })
    if (c.billed === 'maybe') expect(attempts[0]?.costNano).toBeGreaterThan(0)
    else expect(attempts[0]?.costNano).toBe(0)
    expect(call.costNano).toBe(attempts.reduce((sum, a) => sum + (a.costNano ?? 0), 0))
    expect(daemon.errors).toEqual([])
  })
})

it('does not fail over on a request that no model would take, and says what was wrong', async () => {
  one.behave(() => ({
    status: 400,
    body: JSON.stringify({ error: { message: 'max_tokens is too large', type: 'invalid_request_error', param: 'max_tokens' } }),
  }))
  const response = await daemon.post(HELLO)
  expect(response.status).toBe(400)
  expect(response.headers.get('x-should-retry')).toBe('false')
  const { error } = (await response.json()) as { error: { message: string; param: string } }
  expect(error.message).toContain('max_tokens is too large')
  expect(error.param).toBe('max_tokens')
  expect(two.posts.length).toBe(0)
  expect(daemon.call(response.headers.get('x-llmroute-call')).call).toMatchObject({ status: 'error', httpStatus: 400, costNano: 0 })
})

it.each([
  "property 'verbosity' is unsupported",
  "Unknown parameter: 'messages[0].content[0].cache_control'.",
  "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead.",
  "'claude-haiku-4-5' does not support the `speed` parameter.",
])('asks another model where the first refuses what others take: %s', async (message) => {
  one.behave(() => ({ status: 400, body: JSON.stringify({ error: { message, type: 'invalid_request_error' } }) }))
  const response = await daemon.post(HELLO)
  expect([response.status, response.headers.get('x-llmroute-model')]).toEqual([200, 'two/b'])
  two.behave(() => ({ status: 400, body: JSON.stringify({ error: { message, type: 'invalid_request_error' } }) }))
  const refused = await daemon.post(HELLO)
  expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([400, 'false'])
  expect(await refused.text()).toContain(JSON.stringify(message).slice(1, -1))
})

it('tells what the first refused beside that the other was down', async () => {
  one.behave(() => ({ status: 400, body: JSON.stringify({ error: { message: "Unknown parameter: 'temprature'." } }) }))
  two.behave(() => ({ status: 503 }))
  const response = await daemon.post({ ...HELLO, temprature: 1 })
  expect(response.status).toBe(503)
  expect(await response.text()).toContain("one/a refused the request: Unknown parameter: 'temprature'.")
})

it('tells a client what was wrong with the body that it wrote, not with a translation of it', async () => {
  const refuse = (message: string) => () => ({ status: 400, body: JSON.stringify({ error: { message, type: 'invalid_request_error' } }) })
  one.behave(refuse("Unknown parameter: 'temprature'."))
  two.behave(refuse('max_tokens: must be greater than thinking.budget_tokens'))
  const config = twoProviders(one.origin, two.origin)
  const other = await runDaemon({
    ...config,
    providers: { ...config.providers, two: { ...config.providers.two, wire: 'anthropic-messages' } },
  })
  onTestFinished(() => other.end())
  const refused = await other.post({ ...HELLO, temprature: 1 })
  expect([refused.status, two.posts.length]).toEqual([400, 1])
  expect(await refused.text()).toContain("Unknown parameter: 'temprature'.")
})

it.each([false, true])('a refusal whose body is null is told by its status (stream: %s)', async (stream) => {
  one.behave(() => ({ status: 400, body: 'null' }))
  expect(await (await daemon.post({ ...HELLO, stream })).text()).toContain('The provider answered with status 400.')
})

it('asks another model where the first would not take what was translated for it, and tells what the last one said', async () => {
  const ask = () => daemon.post({ model: 'auto', max_tokens: 9, messages: HELLO.messages }, { path: '/v1/messages' })
  const refuse = (message: string) => () => ({ status: 400, body: JSON.stringify({ error: { message, type: 'invalid_request_error' } }) })
  one.behave(refuse('Invalid schema for function f'))
  const response = await ask()
  expect(response.status).toBe(200)
  expect(response.headers.get('x-llmroute-model')).toBe('two/b')
  two.behave(refuse('Unsupported value'))
  const refused = await ask()
  expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([400, 'false'])
  expect(await refused.text()).toContain('Unsupported value')
})

it('tells a client what was wrong with its request, also where the next model could not be asked at all', async () => {
  one.behave(() => ({ status: 400, body: JSON.stringify({ error: { message: 'too long: maximum context length is 10 tokens' } }) }))
  two.behave(() => ({ status: 401 }))
  const response = await daemon.post(HELLO)
  expect(two.posts).toHaveLength(1)
  expect([response.status, response.headers.get('x-should-retry')]).toEqual([400, 'false'])
  expect(await response.text()).toContain('maximum context length')
})

it('keeps to itself the key that a provider quotes', async () => {
  const body = JSON.stringify({ error: { message: 'Incorrect API key provided: sk-one-key. Not sk-abcdefghijklmnopqrstuvwx either.' } })
  one.behave((_n, post) => ({ status: 401, body: body.replace('sk-one-key', String(post.headers.authorization).slice(7)) }))
  const response = await daemon.post({ ...HELLO, model: 'one/a' })
  expect(await response.text()).not.toMatch(/sk-one|sk-abcdef/)
  const detail = daemon.call(response.headers.get('x-llmroute-call'))
  expect(detail.call.error).toContain('Incorrect API key')
  expect(JSON.stringify(detail)).not.toMatch(/sk-one|sk-abcdef/)
})

it('keeps to itself the headers of the configuration that a provider quotes', async () => {
  const config = twoProviders(one.origin, two.origin)
  const behind = await runDaemon({
    ...config,
    providers: {
      ...config.providers,
      one: { ...config.providers.one, headers: { 'x-gateway': 'Bearer token-of-the-gateway', 'x-title': 'Notes' } },
    },
  })
  one.behave((_n, post) => ({ status: 400, body: JSON.stringify({ error: { message: `Notes got ${post.headers['x-gateway']}` } }) }))
  const response = await behind.post({ ...HELLO, model: 'one/a' })
  expect(await response.text()).toContain('Notes got Bearer [redacted]')
  expect(behind.call(response.headers.get('x-llmroute-call')).call.error).not.toContain('token-of')
  await behind.end()
})

it('does not try elsewhere what may have been billed, where a profile says so', async () => {
  const config = twoProviders(one.origin, two.origin, { afterSend: 'never', timeouts: { firstByte: '300ms' } })
  const careful = await runDaemon({ ...config, budgets: [{ scope: 'total', limit: '1' }] })
  one.behave(() => 'stall')
  const response = await careful.post(HELLO)
  expect(response.status).toBe(504)
  expect(response.headers.get('x-should-retry')).toBe('false')
  expect(two.posts.length).toBe(0)
  const { call, attempts } = careful.call(response.headers.get('x-llmroute-call'))
  expect(attempts).toMatchObject([{ outcome: 'timeout', billed: 'maybe', usageSource: 'estimated' }])
  // The estimate counts as spent.
  expect(call.costNano).toBeGreaterThan(0)
  expect(careful.ledger.budgets(['total'])).toMatchObject([{ spent: call.costNano, reserved: 0 }])
  await careful.end()
})

it('fails over when nothing listens', async () => {
  await one.close()
  const response = await daemon.post(HELLO)
  expect(response.status).toBe(200)
  const { attempts } = daemon.call(response.headers.get('x-llmroute-call'))
  expect(attempts[0]).toMatchObject({ billed: 'no', sentMs: null, costNano: 0 })
})

it('waits out the soonest retry-after and walks the plan once more', async () => {
  one.behave((n) => (n === 1 ? { status: 429, headers: { 'retry-after-ms': '150' } } : 'ok'))
  two.behave(() => ({ status: 529, headers: { 'retry-after': '30' } }))
  const response = await daemon.post(HELLO)
  expect(response.status).toBe(200)
  expect(response.headers.get('x-llmroute-attempts')).toBe('3')
  expect(one.posts.length).toBe(2)
})

it('gives up with 429 and the soonest retry-after when that lies beyond the deadline', async () => {
  one.behave(() => ({ status: 429, headers: { 'retry-after': '20' } }))
  two.behave(() => ({ status: 429, headers: { 'retry-after': '90' } }))
  const response = await daemon.post(HELLO)
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('20')
  expect(response.headers.get('x-should-retry')).toBeNull()
  expect(one.posts.length + two.posts.length).toBe(2)
})

it('does not blame the client for our keys', async () => {
  one.behave(() => ({ status: 401 }))
  two.behave(() => ({ status: 403 }))
  const response = await daemon.post(HELLO)
  expect(response.status).toBe(502)
  expect(response.headers.get('x-should-retry')).toBe('false')
})

it('lets a pinned call fail on its own model', async () => {
  one.behave(() => ({ status: 503 }))
  const response = await daemon.post({ ...HELLO, model: 'one/a' })
  expect(response.status).toBe(503)
  expect(two.posts.length).toBe(0)
  // Once more on the same model, since there is no other.
  expect(one.posts.length).toBe(2)
})

it('leaves out a model that keeps failing, and tries it again later with one probe', async () => {
  one.behave(() => ({ status: 500 }))
  for (let i = 0; i < 4; i++) await daemon.post(HELLO)
  expect(one.posts.length).toBe(3)
  expect(daemon.runtime.health.read('one/a', Date.now()).breaker).toBe('open')
  expect(daemon.runtime.health.read('one/a', Date.now() + 60_000).breaker).toBe('half-open')
})

it('does not refuse calls while the first answer of a model that has recovered is still being written', async () => {
  let end = (): void => {}
  const until = new Promise<void>((resolve) => {
    end = resolve
  })
  one.behave((n) => (n === 1 ? { status: 429, headers: { 'retry-after': '1' } } : n === 2 ? { events: 3, until } : 'ok'))
  const first = await daemon.post({ ...HELLO, model: 'one/a', stream: true })
  const second = await daemon.post({ ...HELLO, model: 'one/a' })
  end()
  expect(await textOf(first, true)).toBe(ANSWER)
  expect(second.status).toBe(200)
  expect(await textOf(second, false)).toBe(ANSWER)
})

it('explains that a model the client named was resting, where another may answer for it', async () => {
  const lenient = await runDaemon(twoProviders(one.origin, two.origin, { pinned: 'fallback' }))
  onTestFinished(() => lenient.end())
  one.behave(() => ({ status: 500 }))
  const explained = async () => {
    await (await lenient.post({ ...HELLO, model: 'one/a' })).text()
    const { call, decision } = await lenient.lastCall()
    expect(call.model).toBe('two/b')
    const plain = (text: string): string => text
    return explanationText(explain(callJson(call), decisionReader(lenient.ledger)(decision)), { paint: { dim: plain, green: plain } })
  }
  expect(await explained()).not.toContain('Resting')
  while (lenient.runtime.health.read('one/a', Date.now()).breaker !== 'open') await explained()
  expect(await explained()).toMatch(/^Resting +one\/a: failing at the time/m)
})

describe('when nobody answers', () => {
  it('the headers name the model that was asked last', async () => {
    for (const provider of [one, two]) provider.behave(() => ({ status: 401 }))
    const response = await daemon.post(HELLO)
    expect(response.status).toBe(502)
    expect(response.headers.get('x-llmroute-model')).toBe('two/b')
    expect(daemon.call(response.headers.get('x-llmroute-call')).call.model).toBeNull()
  })

  it('embeddings in a pool that makes none are the request’s fault, and are not asked for again', async () => {
    const response = await daemon.post({ model: 'auto', input: 'hi' }, { path: '/v1/embeddings' })
    expect(response.status).toBe(400)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(JSON.stringify(await response.json())).toContain('text-embedding-3-small')
    expect(daemon.call(response.headers.get('x-llmroute-call')).call.status).toBe('error')
  })
})

it.each([true, false])('a deadline that is longer than any timer leaves time all the same, stream %s', async (stream) => {
  const slow = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
    res.write(stream ? ': soon\n\n' : ' ')
    const choice = { index: 0, finish_reason: 'stop', [stream ? 'delta' : 'message']: { role: 'assistant', content: 'late' } }
    const text = JSON.stringify({ id: 'x', created: 1, model: 'm', choices: [choice] })
    setTimeout(() => res.end(stream ? `data: ${text}\n\ndata: [DONE]\n\n` : text), 200)
  })
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`
  const patient = await runDaemon(twoProviders(origin, origin, { fallbacks: 0, timeouts: { idle: '365d' } }))
  const response = await patient.post({ ...HELLO, stream }, { headers: { 'x-llmroute-deadline': '30d' } })
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('late')])
  await patient.end()
  slow.close()
})

it('an error that comes a byte at a time is given up at the deadline, also where a stream was asked for', async () => {
  const dripping = createServer((_req, res) => {
    res.writeHead(500, { 'content-type': 'application/json' })
    const drip = setInterval(() => res.write(' '), 20)
    res.on('close', () => clearInterval(drip))
  })
  await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(dripping.address() as AddressInfo).port}`
  const impatient = await runDaemon(twoProviders(origin, origin, { fallbacks: 0, timeouts: { total: '1s' } }))
  const response = await impatient.post({ ...HELLO, stream: true })
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('deadline')
  await impatient.end()
  dripping.closeAllConnections()
  dripping.close()
})
