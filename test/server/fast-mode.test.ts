import { afterEach, beforeEach, expect, it } from 'vitest'
import { costOf, type ModelRev } from '../../src/catalog/index.js'
import { asLogged, simulate, withPrice } from '../../src/simulate/index.js'
import { usageOf } from '../../src/simulate/served.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

let provider: FakeProvider
let daemon: TestDaemon

beforeEach(async () => {
  provider = await startFakeProvider()
  const price = { input: 4, output: 20, cacheRead: 0.4, cacheWrite: 5 }
  daemon = await runDaemon({
    providers: {
      anthropic: { baseURL: provider.origin, apiKey: 'sk', wire: 'anthropic-messages' },
      openai: { baseURL: `${provider.origin}/v1`, apiKey: 'sk', wires: ['openai-chat', 'openai-responses'] },
    },
    models: [
      ...['anthropic/claude-opus-5-5', 'anthropic/claude-sonnet-5'],
      ...['openai/gpt-5.2', 'openai/gpt-5.5', 'openai/gpt-5-mini', 'openai/gpt-5-nano', 'openai/gpt-4.1'],
    ].map((id) => ({ id, price })),
    baseline: 'openai/gpt-5.2',
  })
})

afterEach(async () => {
  await daemon.end()
  await provider.close()
})

const messages = [{ role: 'user', content: 'Hello there' }]

it.each([
  ['anthropic/claude-opus-5-5', '/v1/messages', { max_tokens: 9, messages }, { speed: 'fast' }, 2],
  ['anthropic/claude-sonnet-5', '/v1/messages', { max_tokens: 9, messages }, { speed: 'fast' }, 1],
  ['openai/gpt-5.2', '/v1/responses', { input: 'Hello there' }, { service_tier: 'priority' }, 2],
  ['openai/gpt-5.5', '/v1/chat/completions', { messages }, { service_tier: 'fast' }, 2.5],
  ['openai/gpt-4.1', '/v1/chat/completions', { messages, tools: [{ type: 'function', name: 'f' }] }, { service_tier: 'fast' }, 1.75],
  ['openai/gpt-5.5', '/v1/chat/completions', { messages }, { service_tier: 'auto' }, 1],
  ['openai/gpt-5-mini', '/v1/chat/completions', { messages }, { service_tier: 'priority' }, 1.8],
  ['openai/gpt-5-nano', '/v1/chat/completions', { messages }, { service_tier: 'priority' }, 1],
  ['openai/gpt-4.1', '/v1/chat/completions', { messages }, { service_tier: 'priority' }, 1.75],
  ['anthropic/claude-opus-5-5', '/v1/chat/completions', { messages }, { service_tier: 'priority' }, 1],
])('a call that asks for fast mode costs what that is sold at: %s at %s', async (model, path, body, fast, factor) => {
  const costs: number[] = []
  for (const asked of [{}, fast]) {
    const response = await daemon.post({ model, ...body, ...asked }, { path })
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
    const [attempt] = (await daemon.lastCall()).attempts
    expect(attempt).toMatchObject({ model, usageSource: 'reported' })
    const { rates } = JSON.parse(daemon.ledger.modelRevs().get(attempt!.modelRev)!) as ModelRev
    expect(costOf(usageOf(attempt!), rates)).toBe(attempt!.costNano)
    costs.push(attempt!.costNano!)
  }
  expect(costs[1]! / costs[0]!).toBe(factor)
})

it('a call in fast mode is compared with that of the baseline', async () => {
  const saved: (number | null)[] = []
  for (const model of ['openai/gpt-5.2', 'openai/gpt-5.5']) {
    await (await daemon.post({ model, messages, service_tier: 'fast' })).text()
    const { call } = await daemon.lastCall()
    saved.push(call.baselineCostNano! / call.costNano!)
  }
  expect(saved).toEqual([1, 0.8])
})

it('a call in fast mode costs its multiple of another price, too, when that is simulated', async () => {
  const model = 'openai/gpt-5.5'
  await (await daemon.post({ model, messages, service_tier: 'fast' })).text()
  const { rates } = daemon.runtime.pool().models.find(({ id }) => id === model)!
  const twice = withPrice(asLogged(), model, rates!.input! * 2, rates!.output! * 2)
  const [simulation] = simulate(daemon.ledger, [twice])
  expect(simulation!.simulated.cost.value / simulation!.actual.cost).toBe(2)
})
