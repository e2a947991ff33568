import { afterEach, expect, it, onTestFinished } from 'vitest'
import type { Reply } from '../../src/canonical/index.js'
import { buildReport } from '../../src/report/index.js'
import { type HeldAnswer, holdAnswer } from '../../src/upstream/index.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon } from './run-daemon.js'

const open: { end?: () => Promise<void>; close?: () => Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await (one.end?.() ?? one.close?.())
})

function says(text: string, finish: 'stop' | 'length' = 'stop'): Reply {
  const usage = { input: 20, cacheRead: null, cacheWrite5m: null, cacheWrite1h: null, output: 10, reasoning: null }
  return { id: 'x', model: 'fake', created: 1, choices: [{ parts: [{ type: 'text', text }], finish }], usage }
}

interface Stage {
  readonly daemon: TestDaemon
  readonly cheap: FakeProvider
  readonly strong: FakeProvider
  readonly judge: FakeProvider
}

/** A cheap model that gives `answer`, a strong one, and a judge that gives `score`; the profile cascades. */
async function start(answer: Reply, cascade: Readonly<Record<string, unknown>>, score = 0.9, more = {}): Promise<Stage> {
  const [cheap, strong, judge] = await Promise.all([answer, says('The answer is 42.'), says(`{"score": ${score}}`)].map(startFakeProvider))
  const provider = (fake: FakeProvider | undefined) => ({ baseURL: `${fake?.origin}/v1`, apiKey: 'sk' })
  const daemon = await runDaemon({
    providers: { one: provider(cheap), two: provider(strong), three: provider(judge) },
    models: [
      { id: 'one/cheap', price: { input: 0.1, output: 0.4 }, quality: 0.7 },
      { id: 'two/strong', price: { input: 5, output: 25 }, quality: 0.95 },
      { id: 'three/judge', price: { input: 0.1, output: 0.4 }, quality: 0.5 },
    ],
    default: 'test',
    profiles: { test: { strategy: 'best', models: ['one/cheap', 'two/strong'], cascade, ...more } },
  })
  open.push(daemon, ...[cheap, strong, judge].filter((p) => p !== undefined))
  return { daemon, cheap: cheap!, strong: strong!, judge: judge! }
}

const rowsOf = (daemon: TestDaemon, id: string | null) => daemon.call(id).attempts.map((a) => `${a.purpose} ${a.model} ${a.outcome}`)

it.each([false, true])('a good answer of the cheap model goes to the client (stream: %s)', async (stream) => {
  const { daemon, strong } = await start(says('A plain and good answer.'), { hold: '2s' })
  const response = await daemon.post({ ...HELLO, stream })
  expect(await response.text()).toContain(stream ? 'A plain' : 'A plain and good answer.')
  expect(response.headers.get('x-llmroute-model')).toBe('one/cheap')
  expect(response.headers.get('x-llmroute-reason')).toContain('its answer is judged first')
  expect(strong.posts).toHaveLength(0)
})

it.each([
  [false, says('I am not sure. I may be wrong, and it is hard to say.')],
  [true, says('I am not sure. I may be wrong, and it is hard to say.')],
  [false, says('')],
  [true, says('cut', 'length')],
])('a poor one is replaced once, and both are paid for (stream: %s)', async (stream, poor) => {
  const { daemon, cheap } = await start(poor, { hold: '2s' })
  const response = await daemon.post({ ...HELLO, stream })
  const text = await response.text()
  // Nothing of the first answer reaches the client, not even the start of its stream.
  expect(text).not.toMatch(/not sure|"content":"cut"/)
  expect(text).toContain('42')
  if (stream) expect(text.match(/"role":"assistant"/g)).toHaveLength(1)
  expect(response.headers.get('x-llmroute-model')).toBe('two/strong')
  expect(response.headers.get('x-llmroute-attempts')).toBe('2')
  const id = response.headers.get('x-llmroute-call')
  expect(rowsOf(daemon, id)).toEqual(['serve one/cheap refused', 'serve two/strong ok'])
  const { call, outcomes } = daemon.call(id)
  expect(call.costNano).toBe(20 * 100 + 10 * 400 + 20 * 5000 + 10 * 25_000)
  expect(outcomes.map((o) => o.kind)).toEqual(expect.arrayContaining(['judge', 'cascade']))
  expect(cheap.posts).toHaveLength(1)
  const report = buildReport(daemon.ledger, { by: 'route', nowMs: Date.now() })
  expect(report.escalationRate).toBe(1)
  expect(report.failoverRate).toBe(0)
})

it.each([false, true])('a poor one is given all the same when nobody better answers (stream: %s)', async (stream) => {
  const { daemon, cheap, strong } = await start(says('I am not sure. I may be wrong, and it is hard to say.'), { hold: '2s' })
  strong.behave(() => ({ status: 500 }))
  const response = await daemon.post({ ...HELLO, stream })
  expect(response.status).toBe(200)
  const text = await response.text()
  expect(text).toContain('I am not')
  if (stream) expect(text).toContain('[DONE]')
  expect(response.headers.get('x-llmroute-model')).toBe('one/cheap')
  const id = response.headers.get('x-llmroute-call')
  // The last of the chain is asked twice.
  expect(rowsOf(daemon, id)).toEqual(['serve one/cheap ok', 'serve two/strong error', 'serve two/strong error'])
  expect(response.headers.get('x-llmroute-attempts')).toBe('3')
  const { call, outcomes } = daemon.call(id)
  expect(call).toMatchObject({ status: 'ok', model: 'one/cheap', chosen: 'one/cheap', costNano: 20 * 100 + 10 * 400, attempts: 3 })
  expect(outcomes.map((o) => o.kind)).toContain('judge')
  expect(outcomes.map((o) => o.kind)).not.toContain('cascade')
  expect(cheap.posts).toHaveLength(1)
  expect(daemon.runtime.health.read('one/cheap', Date.now()).breaker).toBe('closed')
})

it('a client that leaves while a better answer is awaited ends that, and gets nothing', async () => {
  const { daemon, strong } = await start(says(''), {})
  strong.behave(() => 'stall')
  const leave = new AbortController()
  daemon.post(HELLO, { signal: leave.signal }).catch(() => {})
  await expect.poll(() => strong.posts.length).toBe(1)
  leave.abort()
  await expect.poll(() => strong.posts[0]?.aborted).toBe(true)
  const { call, attempts } = await daemon.lastCall()
  expect(call.status).toBe('cancelled')
  expect(attempts.map((a) => a.outcome)).toEqual(['refused', 'cancelled'])
})

it('a client that leaves while its answer is judged ends the judging, and no other model is asked', async () => {
  const { daemon, judge, strong } = await start(says('fine'), { judge: { model: 'three/judge', maxUsdPerCall: 0.01 } })
  judge.behave(() => 'stall')
  const leave = new AbortController()
  daemon.post(HELLO, { signal: leave.signal }).catch(() => {})
  await expect.poll(() => judge.posts.length).toBe(1)
  leave.abort()
  await expect.poll(() => judge.posts[0]?.aborted).toBe(true)
  const { attempts } = await daemon.lastCall()
  expect(attempts.map((a) => `${a.purpose} ${a.outcome}`)).toEqual(['serve ok', 'judge cancelled'])
  expect(strong.posts).toHaveLength(0)
})

it('a stream that is not over when its hold ends goes through', async () => {
  const { daemon, cheap, strong } = await start(says('I am not sure. I may be wrong, and it is hard to say.'), { hold: 50 })
  cheap.behave(() => ({ pauseMs: 300 }))
  const response = await daemon.post({ ...HELLO, stream: true })
  expect(await response.text()).toContain('[DONE]')
  expect(response.headers.get('x-llmroute-model')).toBe('one/cheap')
  expect(strong.posts).toHaveLength(0)
})

it('streams are left alone when they may not be held', async () => {
  const { daemon, cheap } = await start(says(''), {})
  const response = await daemon.post({ ...HELLO, stream: true })
  await response.text()
  expect(response.headers.get('x-llmroute-model')).toBe('two/strong')
  expect(cheap.posts).toHaveLength(0)
})

/** Takes memory from other complete answers, as one of that many bytes would that is being received. */
function takeMemory(length: number): HeldAnswer {
  const chunk = { length } as Uint8Array
  const consume = async (sink: (chunk: Uint8Array) => boolean): Promise<void> => void sink(chunk)
  const held = holdAnswer({ status: 200, headers: {}, consume, resume: () => {} })
  void held.consume(() => true)
  return held
}

it('a long answer that is replaced does not take the memory that the better one waits for', async () => {
  const long = 2_000_000
  const { daemon, strong } = await start(says('x'.repeat(long), 'length'), {}, 0.9, { timeouts: { total: '10s' } })
  const body = JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'y'.repeat(long) }, finish_reason: 'stop' }] })
  strong.behave(() => {
    const other = takeMemory(125 * 1024 * 1024)
    onTestFinished(() => other.leave())
    return { status: 200, body }
  })
  const response = await daemon.post(HELLO)
  expect(response.headers.get('x-llmroute-model')).toBe('two/strong')
})

it('a failure of the cheap model behind its gate is an ordinary failover', async () => {
  const { daemon, cheap } = await start(says('fine'), { hold: '2s' })
  cheap.behave(() => 'error-later')
  const response = await daemon.post({ ...HELLO, stream: true })
  expect(await response.text()).toContain('42')
  expect(response.headers.get('x-llmroute-model')).toBe('two/strong')
})

it.each([
  [0.2, 'two/strong'],
  [0.9, 'one/cheap'],
])('a judging model that gives %s decides, within its budget', async (score, answered) => {
  const { daemon, judge } = await start(
    says('It looks good but is wrong.'),
    { judge: { model: 'three/judge', maxUsdPerCall: 0.01 } },
    score,
  )
  const response = await daemon.post(HELLO)
  expect(response.headers.get('x-llmroute-model')).toBe(answered)
  expect(JSON.stringify(judge.posts[0]?.body)).toContain('It looks good but is wrong.')
  const { call, attempts } = daemon.call(response.headers.get('x-llmroute-call'))
  expect(attempts.filter((a) => a.purpose === 'judge')).toHaveLength(1)
  expect(call.costNano).toBe(attempts.reduce((sum, a) => sum + (a.costNano ?? 0), 0))
})

it('a judge that could cost more than it may is not asked', async () => {
  const { daemon, judge } = await start(says('fine'), { judge: { model: 'three/judge', maxUsdPerCall: 0.00001 } })
  expect((await daemon.post(HELLO)).headers.get('x-llmroute-model')).toBe('one/cheap')
  expect(judge.posts).toHaveLength(0)
})

it('a profile without fallbacks does not cascade', async () => {
  const { daemon, cheap, strong } = await start(says(''), {}, 0.9, { fallbacks: 0 })
  expect((await daemon.post(HELLO)).headers.get('x-llmroute-model')).toBe('two/strong')
  expect(cheap.posts).toHaveLength(0)
  expect(strong.posts).toHaveLength(1)
})

it('what the judge said moves the expectations, also after a restart', async () => {
  const { daemon } = await start(says(''), {})
  for (let i = 0; i < 6; i++) await daemon.post({ ...HELLO, messages: [{ role: 'user', content: `Hello there ${i}` }] })
  await daemon.ledger.flush()
  const before = daemon.runtime.outlook.learned().quality
  expect(before['one/cheap']?.all?.bad).toBeGreaterThan(2)
  await daemon.restart()
  expect(daemon.runtime.outlook.learned().quality).toEqual(before)
})
