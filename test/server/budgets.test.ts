import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, it } from 'vitest'
import { createLocalKey, localKeysPath } from '../../src/config/index.js'
import { nanoFromUsd } from '../../src/kit/index.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let daemon: TestDaemon | null = null
let provider: FakeProvider | null = null

afterEach(async () => {
  await daemon?.end()
  await provider?.close()
  daemon = null
  provider = null
})

const ASK = { ...HELLO, model: 'sandbox/large', max_tokens: 200 }

it('stops calls when a budget is used up, with 402 and no invitation to repeat', async () => {
  daemon = await runDaemon({ sandbox: true, budgets: [{ scope: 'total', limit: '0.008/day' }] })
  const statuses: number[] = []
  for (let i = 0; i < 8; i++)
    statuses.push((await daemon.post({ ...ASK, messages: [{ role: 'user', content: `Tell me about river ${i}.` }] })).status)
  expect(statuses[0]).toBe(200)
  expect(statuses.at(-1)).toBe(402)
  const refused = await daemon.post(ASK)
  expect(refused.headers.get('x-should-retry')).toBe('false')
  const spent = daemon.ledger.listCalls({}).reduce((sum, c) => sum + (c.costNano ?? 0), 0)
  expect(spent).toBeLessThanOrEqual(8_000_000)
})

it('records a call that it refuses because another process has spent what was left', async () => {
  daemon = await runDaemon({ sandbox: true, budgets: [{ scope: 'total', limit: '0.02/day' }] })
  expect((await daemon.post(ASK)).status).toBe(200)
  const other = new Database(join(daemon.folder, 'ledger.db'))
  other.prepare('UPDATE budget SET spent = 19000000').run()
  other.close()
  const refused = await daemon.post({ ...ASK, messages: [{ role: 'user', content: 'And now?' }] })
  expect(refused.status).toBe(402)
  const { call, attempts } = daemon.call(refused.headers.get('x-llmroute-call'))
  expect(call).toMatchObject({ status: 'error', httpStatus: 402, costNano: 0, chosen: null, error: expect.stringContaining('E_BUDGET') })
  expect(attempts).toEqual([])
})

it('does not let parallel calls overspend together', async () => {
  daemon = await runDaemon({ sandbox: true, budgets: [{ scope: 'total', limit: '0.008/day' }] })
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) => daemon?.post({ ...ASK, messages: [{ role: 'user', content: `${i}?` }] })),
  )
  expect(all.filter((r) => r?.status === 200).length).toBeGreaterThan(0)
  expect(all.filter((r) => r?.status === 402).length).toBeGreaterThan(10)
  const spent = daemon.ledger.listCalls({}).reduce((sum, c) => sum + (c.costNano ?? 0), 0)
  expect(spent).toBeLessThanOrEqual(8_000_000)
})

it('counts each session and each profile by itself', async () => {
  daemon = await runDaemon({
    sandbox: true,
    budgets: [{ scope: 'session', limit: '0.004' }],
    profiles: { thrifty: { extends: 'economy', budget: '0.00001/hour' } },
  })
  const ask = async (session: string, profile = 'balanced') => {
    const headers = { 'x-llmroute-session': session, 'x-llmroute-profile': profile }
    return (await daemon?.post(ASK, { headers }))?.status
  }
  expect(await ask('a')).toBe(200)
  expect(await ask('a')).toBe(402)
  expect(await ask('b')).toBe(200)
  expect(await ask('c', 'thrifty')).toBe(402)
})

it('names a budget that is used up in words, by its period and whose it is', async () => {
  daemon = await runDaemon({
    sandbox: true,
    budgets: [{ scope: 'total', limit: '0.00002/week' }],
    profiles: { thrifty: { extends: 'economy', budget: '0.00001/hour' } },
  })
  const refusal = async (profile: string) => (await daemon?.post(ASK, { headers: { 'x-llmroute-profile': profile } }))?.text()
  expect(await refusal('balanced')).toContain('what is left of the weekly budget, $0.000020 of $0.000020: ')
  expect(await refusal('thrifty')).toContain('what is left of the hourly budget of profile thrifty, $0.000010 of $0.000010: ')
})

it('does not take two people who open alike for one session', async () => {
  daemon = await runDaemon({ sandbox: true, budgets: [{ scope: 'session', limit: '0.004' }] })
  const path = localKeysPath(daemon.runtime.loaded())
  const keyOf = (name: string) => createLocalKey(path, { name, tier: null, profile: null, budget: null }, 0).key
  const keys = [keyOf('alice'), keyOf('bob')]
  await daemon.reload()
  const statuses: number[] = []
  for (const key of [...keys, ...keys]) statuses.push((await daemon.post(ASK, { headers: { authorization: `Bearer ${key}` } })).status)
  expect(statuses).toEqual([200, 200, 402, 402])
})

it('turns to a cheaper model while one fits', async () => {
  daemon = await runDaemon({
    sandbox: true,
    budgets: [{ scope: 'total', limit: '0.003/day' }],
    default: 'quality',
    profiles: { quality: { budgetAction: 'downgrade' } },
  })
  const response = await daemon.post({ ...HELLO, max_tokens: 400 })
  expect(response.status).toBe(200)
  expect(['sandbox/tiny', 'sandbox/small', 'sandbox/writer']).toContain(response.headers.get('x-llmroute-model'))
})

const spentBy = (at: TestDaemon, key: string): number =>
  at.ledger
    .listCalls({})
    .filter((c) => c.key === key)
    .reduce((sum, c) => sum + (c.costNano ?? 0), 0)

it('lets 200 parallel calls of a key spend what its budget allows for 50, and no more', async () => {
  provider = await startFakeProvider()
  // Twenty tokens in and ten out: 20 * 1 + 10 * 4 millionths of a dollar a call.
  daemon = await runDaemon(twoProviders(provider.origin, provider.origin))
  const budget = (50 * 60) / 1e6
  const { key } = createLocalKey(
    localKeysPath(daemon.runtime.loaded()),
    { name: 'alice', tier: null, profile: null, budget: `${budget}/day` },
    0,
  )
  await daemon.reload()
  const ask = (i: number) =>
    daemon!.post(
      { model: 'auto', max_tokens: 10, messages: [{ role: 'user', content: `What is ${i} and twenty?` }] },
      { headers: { authorization: `Bearer ${key}` } },
    )
  const statuses = (await Promise.all(Array.from({ length: 200 }, (_, i) => ask(i)))).map((r) => r.status)
  const served = statuses.filter((s) => s === 200).length
  expect(statuses.filter((s) => s !== 200 && s !== 402)).toEqual([])
  expect(served).toBeGreaterThan(0)
  expect(spentBy(daemon, 'alice')).toBeLessThanOrEqual(nanoFromUsd(budget))
  // What was reserved and not used is free again: one after the other, the rest of the fifty are served.
  for (let i = served; i < 60; i++) await ask(1000 + i)
  const spent = spentBy(daemon, 'alice')
  expect(spent).toBeLessThanOrEqual(nanoFromUsd(budget))
  expect(spent).toBeGreaterThan(0.9 * nanoFromUsd(budget))
  // Nobody else pays for it, and a restart does not forget it.
  expect((await daemon.post(HELLO)).status).toBe(401)
  await daemon.restart()
  expect((await ask(5000)).status).toBe(402)
})

it('shortens an answer that the rest of the budget cannot pay in full, as a recorded splice', async () => {
  provider = await startFakeProvider()
  // At 8 dollars a million, which the fallback takes, 4000 tokens cost 0.032, and 0.01 is there.
  daemon = await runDaemon({ ...twoProviders(provider.origin, provider.origin), budgets: [{ scope: 'total', limit: '0.01/day' }] })
  const response = await daemon.post({ ...HELLO, max_tokens: 4000 })
  expect(response.status).toBe(200)
  const sent = provider.posts[0]?.body.max_tokens as number
  expect(sent).toBeGreaterThan(1200)
  expect(sent).toBeLessThan(1250)
  expect(response.headers.get('x-llmroute-reason')).toContain(`answer limited to ${sent} tokens by the budget`)
  const { attempts } = daemon.call(response.headers.get('x-llmroute-call'))
  expect(attempts[0]?.splices).toEqual([expect.objectContaining({ kind: 'limit', field: 'max_tokens', value: sent })])
  const pinned = await daemon.post({ ...HELLO, model: 'one/a', max_tokens: 4000 })
  expect(pinned.headers.get('x-llmroute-reason')).toMatch(/the client named this model; answer limited to \d+ tokens by the budget/)
})

it.each([
  ['/v1/chat/completions', { model: 'auto', messages: [{ role: 'user', content: 'Hello' }] }],
  ['/v1/responses', { model: 'auto', input: 'Hello' }],
  ['/v1beta/models/auto:generateContent', { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }],
  [
    '/v1beta/models/auto:generateContent',
    { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }], generationConfig: { temperature: 0 } },
  ],
])('limits an answer of every format by the budget, whoever speaks it: %s', async (path, body) => {
  for (const wire of ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const) {
    provider = await startFakeProvider()
    const lab = { wire, baseURL: provider.baseURL(wire), apiKey: 'sk' }
    const models = [{ id: 'lab/a', price: { input: 1, output: 4 }, quality: 0.9 }]
    daemon = await runDaemon({ providers: { lab }, models, budgets: [{ scope: 'total', limit: '0.01/day' }] })
    expect((await daemon.post(body, { path })).status).toBe(200)
    const [limit] =
      JSON.stringify(provider.posts[0]?.body).match(/(?<="(?:max_tokens|max_completion_tokens|max_output_tokens|maxOutputTokens)":)\d+/) ??
      []
    expect(Number(limit)).toBeGreaterThan(2000)
    expect(Number(limit)).toBeLessThan(2500)
    await daemon.end()
    await provider.close()
  }
  daemon = null
  provider = null
})

it('sets a limit where the client has none, and only warns where that is asked for', async () => {
  provider = await startFakeProvider()
  const config = { ...twoProviders(provider.origin, provider.origin), budgets: [{ scope: 'total', limit: '0.01/day' }] }
  daemon = await runDaemon(config)
  expect((await daemon.post(HELLO)).status).toBe(200)
  const limitOf = (n: number) => provider?.posts[n]?.body.max_completion_tokens ?? provider?.posts[n]?.body.max_tokens
  expect(limitOf(0)).toBeGreaterThan(1200)
  await daemon.end()
  daemon = await runDaemon({ ...twoProviders(provider.origin, provider.origin, { budgetAction: 'warn' }), budgets: config.budgets })
  expect((await daemon.post(HELLO)).status).toBe(200)
  expect(limitOf(1)).toBeUndefined()
})

it.each([
  ['/v1/chat/completions', { ...HELLO, max_tokens: 300 }, 'insufficient_quota'],
  ['/v1/responses', { model: 'auto', input: 'Hello', max_output_tokens: 300 }, 'insufficient_quota'],
  ['/v1/messages', { ...HELLO, max_tokens: 300 }, 'billing_error'],
  ['/v1beta/models/auto:generateContent', { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }, ''],
])('says 402 in the format of %s', async (path, body, kind) => {
  provider = await startFakeProvider()
  daemon = await runDaemon({ ...twoProviders(provider.origin, provider.origin), budgets: [{ scope: 'total', limit: '0.0001/day' }] })
  const refused = await daemon.post(body, { path })
  expect(refused.status).toBe(402)
  expect(refused.headers.get('x-should-retry')).toBe('false')
  const text = await refused.text()
  expect(JSON.parse(text)).toHaveProperty('error')
  expect(text).toContain(kind)
  expect(text).toMatch(/the daily budget, \$0\.000100 of \$0\.000100/)
  expect(provider.posts).toHaveLength(0)
})

it('says that a client who pays for itself draws on the budget too', async () => {
  provider = await startFakeProvider()
  const lab = { wire: 'anthropic-messages', baseURL: provider.baseURL('anthropic-messages'), auth: 'passthrough' }
  const models = [{ id: 'lab/a', price: { input: 1, output: 4 }, quality: 0.9 }]
  daemon = await runDaemon({ providers: { lab }, models, budgets: [{ scope: 'session', limit: 0.0001 }] })
  const headers = { 'x-api-key': 'sk-own', 'x-llmroute-session': 'mine' }
  const body = { model: 'auto', max_tokens: 300, messages: [{ role: 'user', content: 'Hello' }] }
  const refused = await daemon.post(body, { path: '/v1/messages', headers })
  expect(refused.status).toBe(402)
  expect(await refused.text()).toMatch(/the budget of session mine, .*own credential count too, at list prices/)
})

it('refuses rather than downgrades where that is asked for', async () => {
  provider = await startFakeProvider()
  const dear = { weights: { cost: 0, quality: 1, latency: 0 } }
  const two = twoProviders(provider.origin, provider.origin, { ...dear, budgetAction: 'block' })
  const models = [{ ...two.models[0], price: { input: 100, output: 400 } }, { ...two.models[1] }]
  daemon = await runDaemon({ ...two, models, budgets: [{ scope: 'total', limit: '0.01/day' }] })
  expect((await daemon.post({ ...HELLO, max_tokens: 300 })).status).toBe(402)
  await daemon.end()
  daemon = await runDaemon({
    ...two,
    models,
    profiles: { test: { ...two.profiles.test, ...dear, budgetAction: 'downgrade' } },
    budgets: [{ scope: 'total', limit: '0.01/day' }],
  })
  expect((await daemon.post({ ...HELLO, max_tokens: 300 })).headers.get('x-llmroute-model')).toBe('two/b')
})

it('records a call for embeddings that no budget has room for, as it does any other', async () => {
  provider = await startFakeProvider()
  const config = twoProviders(provider.origin, provider.origin)
  const vectors = { id: 'one/vectors', kind: 'embedding', price: { input: 100_000, output: 0 } }
  daemon = await runDaemon({ ...config, models: [...config.models, vectors], budgets: [{ scope: 'total', limit: '0.01/day' }] })
  const refused = await daemon.post({ model: 'auto', input: 'hello' }, { path: '/v1/embeddings' })
  expect([refused.status, refused.headers.get('x-llmroute-profile')]).toEqual([402, 'test'])
  expect((await daemon.lastCall()).call).toMatchObject({ sideKind: 'embedding', status: 'error', costNano: 0 })
  expect(provider.posts).toHaveLength(0)
})
