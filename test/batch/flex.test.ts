import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { decisionReader, explain, explanationText } from '../../src/report/index.js'
import { asLogged, simulate } from '../../src/simulate/index.js'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { type BatchVendors, startBatchVendors, TOKENS } from '../upstreams/batch-vendors.js'

let vendors: BatchVendors
let daemon: TestDaemon
beforeAll(async () => {
  vendors = await startBatchVendors()
  const price = (input: number, output: number) => ({ price: { input, output } })
  daemon = await runDaemon({
    providers: { openai: { baseURL: `${vendors.url}/v1`, apiKey: 'sk-test' }, anthropic: { baseURL: vendors.url, apiKey: 'sk-test' } },
    models: [
      { id: 'openai/gpt-5-mini', ...price(0.25, 2), flexPrice: { input: 0.125, output: 1 } },
      { id: 'anthropic/claude-haiku-4.5', ...price(1, 5) },
    ],
    profiles: { patient: { deadline: '24h' } },
    rules: [
      { name: 'evaluations', when: { tags: 'eval' }, deadline: '24h' },
      { name: 'urgent', when: { tags: 'urgent' }, deadline: '0s' },
      { name: 'second turn', when: { tags: 'later', turn: { gt: 1 } }, deadline: '1h' },
    ],
  })
})
afterAll(async () => {
  await daemon.end()
  await vendors.close()
})
beforeEach(() => {
  vendors.live.length = 0
})

const body = (more: object = {}) => ({ model: 'openai/gpt-5-mini', messages: [{ role: 'user', content: 'Name three primes.' }], ...more })
const costAt = (input: number, output: number): number => (TOKENS.input * input + TOKENS.output * output) / 1e6

it('asks for flex, and pays its rates, when the client says that the call may wait', async () => {
  const response = await daemon.post(body(), { headers: { 'x-llmroute-deadline': '24h' } })
  expect(response.status).toBe(200)
  expect(response.headers.get('x-llmroute-model')).toBe('openai/gpt-5-mini@flex')
  expect(Number(response.headers.get('x-llmroute-cost-usd'))).toBeCloseTo(costAt(0.125, 1), 12)
  expect(vendors.live).toMatchObject([{ model: 'gpt-5-mini', tier: 'flex' }])
  const { call } = await daemon.lastCall()
  expect(call).toMatchObject({ chosen: 'openai/gpt-5-mini@flex', status: 'ok' })
})

it('honours service_tier: flex of a client, also where the model is chosen', async () => {
  for (const model of ['openai/gpt-5-mini', 'auto:economy']) {
    vendors.live.length = 0
    const response = await daemon.post(body({ model, service_tier: 'flex' }))
    expect(response.headers.get('x-llmroute-model')).toBe('openai/gpt-5-mini@flex')
    expect(vendors.live).toMatchObject([{ tier: 'flex' }])
  }
})

it('takes the deadline of the rule that matches, unless the client says otherwise', async () => {
  const modelFor = async (tags: string, more: object = {}, headers: Record<string, string> = {}) => {
    const response = await daemon.post(body({ model: 'auto:economy', ...more }), { headers: { 'x-llmroute-tags': tags, ...headers } })
    expect(response.status).toBe(200)
    return response.headers.get('x-llmroute-model')
  }
  expect(await modelFor('eval')).toBe('openai/gpt-5-mini@flex')
  expect(vendors.live.at(-1)).toMatchObject({ tier: 'flex' })
  const { call, decision } = await daemon.lastCall()
  expect(call.rule).toBe('evaluations')
  const explained = explain(call, decisionReader(daemon.ledger)(decision))
  expect(explained.deadline).toEqual({ ms: 86_400_000, by: 'rule' })
  expect(explanationText(explained, { paint: { dim: String, green: String } })).toMatch(/Deadline +24 h, set by the rule/)
  expect(explained.candidates.map((c) => c.model)).toContain('openai/gpt-5-mini@flex')

  expect(await modelFor('eval', {}, { 'x-llmroute-deadline': '30s' })).not.toMatch(/@/)
  expect(await modelFor('eval', {}, { 'x-llmroute-deadline': '0s' })).not.toMatch(/@/)
  expect(await modelFor('urgent', { model: 'auto:patient' })).not.toMatch(/@/)
  expect(await modelFor('eval', { model: 'auto:patient' }, { 'x-llmroute-deadline': '0s' })).not.toMatch(/@/)
  expect(await modelFor('urgent', {}, { 'x-llmroute-deadline': '1h' })).toBe('openai/gpt-5-mini@flex')
  expect(await modelFor('urgent', { service_tier: 'flex' })).toBe('openai/gpt-5-mini@flex')
  expect(await modelFor('none')).not.toMatch(/@/)
})

it("lets a rule's deadline hang on the turn", async () => {
  const headers = { 'x-llmroute-tags': 'later', 'x-llmroute-session': 'turns' }
  const turn = async () => (await daemon.post(body({ model: 'auto:economy' }), { headers })).headers.get('x-llmroute-model')
  expect(await turn()).not.toMatch(/@/)
  await daemon.lastCall()
  expect(await turn()).toMatch(/@flex$/)
})

it('decides all of that again exactly as it was', async () => {
  await daemon.lastCall()
  const calls = daemon.ledger.counts().calls
  const [replayed] = simulate(daemon.ledger, [asLogged()])
  expect(replayed).toMatchObject({ calls, reproduced: calls, rechained: calls, repriced: calls, changed: 0, excluded: [] })
})

it('takes the deadline of a profile, of a rule-less call only where there is one', async () => {
  const patient = await daemon.post(body({ model: 'auto:patient' }))
  expect(patient.headers.get('x-llmroute-model')).toMatch(/@flex$/)
  const plain = await daemon.post(body())
  expect(plain.headers.get('x-llmroute-model')).toBe('openai/gpt-5-mini')
  expect(Number(plain.headers.get('x-llmroute-cost-usd'))).toBeCloseTo(costAt(0.25, 2), 12)
  expect(vendors.live.at(-1)?.tier).toBeNull()
})

it('never offers a batch to a client that holds its connection, nor a slower service that would be late', async () => {
  const soon = await daemon.post(body(), { headers: { 'x-llmroute-deadline': '30s' } })
  expect(soon.headers.get('x-llmroute-model')).toBe('openai/gpt-5-mini')
  expect((await daemon.post(body({ model: 'openai/gpt-5-mini@batch' }))).status).toBe(404)
})

it('asks a model without the tier without it', async () => {
  const response = await daemon.post(body({ model: 'anthropic/claude-haiku-4.5', service_tier: 'flex' }))
  expect(response.status).toBe(200)
  expect(vendors.live).toMatchObject([{ tier: null }])
})

it('does not take its provider for faster because flex was', async () => {
  const time = (model: string) =>
    daemon.runtime.outlook.models([daemon.runtime.setup().byId.get(model)!.rev], signals(), Date.now())[0]?.ttftUs
  const signals = () => daemon.runtime.router.consider(inbound).signals
  const inbound = {
    ...({ format: 'openai-chat', action: 'generate', headers: {}, arrived: 0 } as const),
    body: Buffer.from(JSON.stringify(body())),
  }
  const before = [time('openai/gpt-5-mini'), time('openai/gpt-5-mini@flex')]
  await daemon.post(body(), { headers: { 'x-llmroute-deadline': '24h' } })
  await daemon.lastCall()
  expect([time('openai/gpt-5-mini'), time('openai/gpt-5-mini@flex')]).toEqual(before)
})
