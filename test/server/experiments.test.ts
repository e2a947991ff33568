import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildReport, decisionReader } from '../../src/report/index.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let one: FakeProvider
let two: FakeProvider
let daemon: TestDaemon | null = null

beforeEach(async () => {
  one = await startFakeProvider()
  two = await startFakeProvider()
})

afterEach(async () => {
  await daemon?.end()
  await Promise.all([one.close(), two.close()])
  daemon = null
})

async function start(profile: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): Promise<TestDaemon> {
  const { profiles, ...rest } = twoProviders(one.origin, two.origin, profile)
  daemon = await runDaemon({ ...rest, profiles: { ...profiles, ...more } })
  return daemon
}

/** Asks in a session, and returns the model that answered. */
async function ask(at: TestDaemon, session: string, text = 'Hello there'): Promise<string | null> {
  const response = await at.post({ ...HELLO, messages: [{ role: 'user', content: text }] }, { headers: { 'x-llmroute-session': session } })
  await response.text()
  return response.headers.get('x-llmroute-model')
}

it('keeps each session in its arm, also after a restart, and shares them out', async () => {
  const at = await start({ experiment: { name: 'try-b', arms: [{ model: 'two/b', share: 0.5 }] } })
  const first = new Map<string, string | null>()
  for (let s = 0; s < 24; s++) first.set(`s${s}`, await ask(at, `s${s}`))
  const inArm = [...first.values()].filter((m) => m === 'two/b').length
  expect(inArm).toBeGreaterThan(4)
  expect(inArm).toBeLessThan(20)
  for (const [session, model] of first) expect(await ask(at, session, 'And now?')).toBe(model)
  await at.restart()
  for (const [session, model] of [...first].slice(0, 6)) expect(await ask(at, session, 'And after the restart?')).toBe(model)

  await at.ledger.flush()
  const [result] = buildReport(at.ledger, { by: 'route', nowMs: Date.now() }).experiments
  expect(result?.name).toBe('try-b')
  const [control, arm] = result?.arms ?? []
  expect([control?.arm, arm?.arm]).toEqual(['control', 'two/b'])
  expect(arm?.sessions).toBe(inArm)
  // Every call costs the same within its arm, so the interval is a point, at the difference of the prices.
  expect(arm?.againstUsd).toBeCloseTo((20 * 1 + 10 * 4) / 1e6, 9)
  expect(arm?.againstUsdLow).toBeCloseTo(arm?.againstUsd ?? 0, 9)
})

it('counts the sub-agents of a session with it: they are in its arm, and are no units by themselves', async () => {
  const at = await start({ experiment: { name: 'all-b', arms: [{ model: 'two/b', share: 1 }] } })
  for (const session of ['root', 'root', 'other']) await ask(at, session)
  for (const agent of ['scout', 'writer']) {
    const headers = { 'x-llmroute-session': 'root', 'x-claude-code-agent-id': agent }
    await (await at.post(HELLO, { headers })).text()
  }
  await at.ledger.flush()
  const [result] = buildReport(at.ledger, { by: 'route', nowMs: Date.now() }).experiments
  expect(result?.arms).toMatchObject([{ arm: 'two/b', calls: 5, sessions: 2 }])
})

it('compares profiles as well', async () => {
  const at = await start(
    { experiment: { name: 'finer', arms: [{ profile: 'finer', share: 1 }] } },
    { finer: { weights: { cost: 0, quality: 0, latency: 1 } } },
  )
  await ask(at, 'a')
  const { call } = await at.lastCall()
  const { plan } = decisionReader(at.ledger)(at.call(call.id).decision)
  expect(plan.arm).toBe('finer')
  expect(plan.strategy).toEqual({ kind: 'weights', weights: { cost: 0, quality: 0, latency: 1 } })
})

it('stops an arm that fails too often, and its sessions go back to the control', async () => {
  two.behave(() => ({ status: 400 }))
  const at = await start({ experiment: { name: 'bad', arms: [{ model: 'two/b', share: 1 }], guard: { minCalls: 5, maxErrorRate: 0.3 } } })
  const answers: (string | null)[] = []
  for (let s = 0; s < 12; s++) answers.push(await ask(at, `s${s}`))
  expect(two.posts.length).toBe(5)
  expect(answers.slice(5)).toEqual(Array.from({ length: 7 }, () => 'one/a'))
  await at.restart()
  expect(await ask(at, 's0')).toBe('one/a')
})

it('shows how many calls of an arm another model answered, since failover hides its failures from clients', async () => {
  const at = await start({ experiment: { name: 'shaky', arms: [{ model: 'two/b', share: 1 }] } })
  two.behave((n) => (n % 2 === 0 ? { status: 500 } : 'ok'))
  const models: (string | null)[] = []
  for (let s = 0; s < 6; s++) models.push(await ask(at, `s${s}`))
  await at.ledger.flush()
  const [arm] = buildReport(at.ledger, { by: 'route', nowMs: Date.now() }).experiments[0]?.arms ?? []
  expect(arm?.errorRate).toBe(0)
  expect(models).toContain('one/a')
  expect(arm?.otherModelRate).toBe(models.filter((m) => m === 'one/a').length / models.length)
})

it('stops an arm that costs too much more than the rest', async () => {
  const at = await start({
    experiment: { name: 'dear', arms: [{ model: 'two/b', share: 0.5 }], guard: { minCalls: 6, maxCostRatio: 1.5 } },
  })
  for (let s = 0; s < 40; s++) await ask(at, `s${s}`)
  const late = await Promise.all(Array.from({ length: 10 }, (_, s) => ask(at, `late${s}`)))
  expect(new Set(late)).toEqual(new Set(['one/a']))
})

it('explores among near-ties only when asked to, and writes down the odds', async () => {
  const at = await start({ exploration: { rate: 0.5, margin: 1 } })
  const models: (string | null)[] = []
  for (let s = 0; s < 100; s++) models.push(await ask(at, `s${s}`))
  expect(new Set(models)).toEqual(new Set(['one/a', 'two/b']))
  const read = decisionReader(at.ledger)
  for (const row of at.ledger.listCalls({})) {
    const { plan } = read(at.call(row.id).decision)
    expect(plan.steps[0]?.model).toBe(row.model)
    expect(plan.steps[0]?.propensity).toBeCloseTo(row.model === 'two/b' ? 0.25 : 0.75, 9)
  }
})

it('does not explore by itself', async () => {
  const at = await start({})
  for (let s = 0; s < 10; s++) expect(await ask(at, `s${s}`)).toBe('one/a')
})
