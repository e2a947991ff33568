import { afterEach, expect, it } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let provider: FakeProvider
let daemon: TestDaemon

afterEach(async () => {
  await daemon.end()
  await provider.close()
})

/** Every answer has 20 tokens in and 10 out: 60,000 nano-USD at one/a and 120,000 at two/b. */
it.each([
  ['one/a', 'two/b', '0.00006'],
  ['two/b', 'one/a', '-0.00006'],
  ['two/b', 'two/b', '0'],
])('a call of %s measured against %s saves %s', async (model, baseline, savings) => {
  provider = await startFakeProvider()
  daemon = await runDaemon({ ...twoProviders(provider.origin, provider.origin), baseline })
  const response = await daemon.post({ ...HELLO, model })
  expect(response.status).toBe(200)
  expect(response.headers.get('x-llmroute-savings-usd')).toBe(savings)
  expect(Math.sign(Number(response.headers.get('x-llmroute-estimated-savings-usd')))).toBe(Math.sign(Number(savings)))
  const { call } = daemon.call(response.headers.get('x-llmroute-call'))
  expect((call.baselineCostNano ?? 0) - (call.costNano ?? 0)).toBe(Number(savings) * 1e9)
})

it('estimates what is saved against a baseline outside the pool', async () => {
  provider = await startFakeProvider()
  const config = twoProviders(provider.origin, provider.origin)
  daemon = await runDaemon({ ...config, baseline: 'anthropic/claude-opus-4.5' })
  const { headers } = await daemon.post({ ...HELLO, model: 'one/a' })
  expect(Number(headers.get('x-llmroute-savings-usd'))).toBeGreaterThan(0)
  expect(Number(headers.get('x-llmroute-estimated-savings-usd'))).toBeGreaterThan(0)
})

it('estimates a baseline that the profile may not choose by the tokens that its model was seen to take', async () => {
  provider = await startFakeProvider()
  daemon = await runDaemon({ ...twoProviders(provider.origin, provider.origin, { models: ['one/a'] }), baseline: 'two/b' })
  await daemon.post(HELLO)
  const { headers } = await daemon.post(HELLO)
  // Its prices are twice those of the model that answers.
  expect(headers.get('x-llmroute-estimated-savings-usd')).toBe(headers.get('x-llmroute-estimated-cost-usd'))
})
