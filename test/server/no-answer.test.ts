import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { ANSWER, type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

/** What providers answer with status 200 although it is no answer; another model is asked then. */
let first: FakeProvider
let second: FakeProvider
let daemon: TestDaemon

beforeAll(async () => {
  first = await startFakeProvider()
  second = await startFakeProvider()
  daemon = await runDaemon(twoProviders(first.origin, second.origin))
})
afterAll(async () => {
  await daemon.end()
  await first.close()
  await second.close()
})

const HEAD = { id: 'x', object: 'chat.completion', created: 1, model: 'm' }
const USAGE = { prompt_tokens: 7, completion_tokens: 0, total_tokens: 7 }
const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
const DONE = 'data: [DONE]\n\n'

it.each([
  ['no choice', false, JSON.stringify({ ...HEAD, choices: [], usage: USAGE })],
  ['another object', false, '{"message":"ok"}'],
  ['a list', false, '[]'],
  ['the end alone', true, DONE],
  ['usage and the end', true, event({ ...HEAD, choices: [], usage: USAGE }) + DONE],
  ['what a filter said, and the end', true, event({ ...HEAD, choices: [], prompt_filter_results: [] }) + DONE],
])('an answer that is none is not passed on: %s', async (_name, stream, body) => {
  first.behave(() => ({ status: 200, body, type: stream ? 'text/event-stream' : 'application/json' }))
  daemon.runtime.health.forget()
  const options = stream ? { stream, stream_options: { include_usage: true } } : {}
  const response = await daemon.post({ ...HELLO, ...options })
  expect(response.headers.get('x-llmroute-model')).toBe('two/b')
  const text = await response.text()
  const words = [...text.matchAll(/"content":"([^"]*)"/g)].map((found) => found[1])
  expect(words.join('')).toBe(ANSWER)
  const { call, attempts } = await daemon.lastCall()
  expect([call.status, ...attempts.map((a) => a.outcome)]).toEqual(['ok', 'error', 'ok'])
  if (body.includes('usage')) expect(attempts[0]).toMatchObject({ usageSource: 'reported', inputTokens: 7 })
})

it('embeddings without vectors are none either', async () => {
  const provider = await startFakeProvider()
  onTestFinished(() => provider.close())
  provider.behave(() => ({ status: 200, body: '{"object":"list"}' }))
  const pool = {
    providers: { p: { baseURL: provider.origin } },
    models: [{ id: 'p/e', kind: 'embedding', price: { input: 1, output: 0 } }, 'p/m'],
  }
  const other = await runDaemon(pool)
  onTestFinished(() => other.end())
  const response = await other.post({ model: 'p/e', input: 'a' }, { path: '/v1/embeddings' })
  expect([response.status, (await other.lastCall()).call.status]).toEqual([503, 'error'])
})

it.each([
  ['Text/Event-Stream', `${event({ ...HEAD, choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }] })}${DONE}`],
  ['Application/JSON', JSON.stringify({ ...HEAD, choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }] })],
])('a content-type is understood in any case: %s', async (type, body) => {
  first.behave(() => ({ status: 200, body, type }))
  daemon.runtime.health.forget()
  const response = await daemon.post({ ...HELLO, stream: true })
  expect(response.headers.get('x-llmroute-model')).toBe('one/a')
  expect(await response.text()).toContain('"content":"hi"')
})
