import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLocalKey, localKeysPath } from '../../src/config/index.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { type PostOptions, runDaemon, type TestDaemon } from './run-daemon.js'

/** Each kind of condition asks for a model of its own; nothing asks for the rest. */
const RULES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  tags: { tags: 'nightly' },
  tier: { tier: ['premium', 'gold'] },
  client: { client: 'claude-code' },
  deadline: { deadline: '1h' },
  prompt: { prompt: '\\bTICKET-\\d+' },
  side: { side: true },
  'tool-names': { toolNames: 'deploy*' },
  tools: { tools: { gt: 5 } },
  needs: { needs: 'vision' },
  long: { inputTokens: { gt: 128_000 } },
  language: { language: ['de', 'fr'] },
  turn: { turn: { gte: 3 } },
  task: { task: ['code', 'debugging'] },
  writing: { task: 'writing' },
  complexity: { complexity: 'complex' },
  difficulty: { difficulty: { gt: 0.97 } },
  hours: { hours: '9-17', tags: 'office' },
  night: { hours: '17-9', tags: 'office' },
  budget: { budgetLeft: { lt: 100 }, tags: 'thrift' },
}

let asked = 0
let provider: FakeProvider
let daemon: TestDaemon

beforeAll(async () => {
  provider = await startFakeProvider()
  const model = (name: string) => ({ id: `lab/${name}`, price: { input: 1, output: 4 }, quality: 0.8, contextWindow: 1_000_000 })
  daemon = await runDaemon({
    providers: { lab: { baseURL: `${provider.origin}/v1`, apiKey: 'sk' } },
    models: [{ ...model('default'), price: { input: 0.1, output: 0.4 } }, ...Object.keys(RULES).map(model)].map((m) => ({
      ...m,
      accepts: { needs: ['tools', 'parallel-tools', 'vision', 'json', 'json-schema'] },
    })),
    default: 'ruled',
    profiles: {
      ruled: {
        weights: { cost: 1, quality: 0, latency: 0 },
        floor: 0,
        ladder: false,
        budget: '50/day',
        rules: Object.entries(RULES).map(([name, when]) => ({ name, when, use: `lab/${name}` })),
      },
    },
  })
})

afterAll(async () => {
  await daemon.end()
  await provider.close()
})

const user = (content: unknown) => ({ role: 'user', content })
const tool = (name: string) => ({ type: 'function', function: { name, description: 'Does it.', parameters: { type: 'object' } } })
const PLAIN = { messages: [user('Hi, how are you?')] }
const picture = {
  type: 'image_url',
  image_url: {
    url: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  },
}

async function ask(body: Readonly<Record<string, unknown>>, headers: PostOptions['headers'] = {}) {
  // A session of its own, unless it says otherwise: turns are counted.
  const session = `s${asked++}`
  const response = await daemon.post({ model: 'auto', max_tokens: 50, ...body }, { headers: { 'x-llmroute-session': session, ...headers } })
  await response.text()
  return { model: response.headers.get('x-llmroute-model'), reason: response.headers.get('x-llmroute-reason') ?? '' }
}

it.each<[string, Readonly<Record<string, unknown>>, PostOptions['headers']?]>([
  ['default', PLAIN],
  ['tags', PLAIN, { 'x-llmroute-tags': 'a, nightly' }],
  ['tier', PLAIN, { 'x-llmroute-tier': 'gold' }],
  ['client', PLAIN, { 'user-agent': 'claude-cli/2.1.329 (external, sdk-cli)' }],
  ['deadline', PLAIN, { 'x-llmroute-deadline': '2h' }],
  ['prompt', { messages: [user('What became of TICKET-17?')] }],
  ['tool-names', { ...PLAIN, tools: [tool('deploy_now')] }],
  ['tools', { ...PLAIN, tools: ['a', 'b', 'c', 'd', 'e', 'f'].map(tool) }],
  ['needs', { messages: [user([{ type: 'text', text: 'What is this?' }, picture])] }],
  ['long', { messages: [user(`Summarize: ${'the quick brown fox jumps over the lazy dog and '.repeat(16_000)}`)] }],
  ['language', { messages: [user('Wie wird das Wetter morgen in München, und was soll ich anziehen?')] }],
  ['task', { messages: [user('Write a Python function that merges two sorted lists and returns the result.')] }],
  ['writing', { messages: [user('Write a short poem about the sea in autumn.')] }],
  ['budget', PLAIN, { 'x-llmroute-tags': 'thrift' }],
])('the rule on %s sends its calls where it says', async (name, body, headers) => {
  const { model, reason } = await ask(body, headers)
  expect(model).toBe(`lab/${name}`)
  if (name !== 'default') expect(reason).toContain(`rule "${name}"`)
})

it('the hour decides between office and night', async () => {
  const now = (): string => (new Date().getHours() >= 9 && new Date().getHours() < 17 ? 'lab/hours' : 'lab/night')
  const before = now()
  const { model } = await ask(PLAIN, { 'x-llmroute-tags': 'office' })
  expect([before, now()]).toContain(model)
})

it('the third turn of a session has a rule of its own', async () => {
  const talk = [user('Hi.')]
  const models: unknown[] = []
  for (let i = 0; i < 3; i++) {
    models.push((await ask({ messages: talk }, { 'x-llmroute-session': 'turns' })).model)
    talk.push({ role: 'assistant', content: 'Yes.' }, user('And what else is new?'))
  }
  expect(models).toEqual(['lab/default', 'lab/default', 'lab/turn'])
})

it('a call that names a model is not asked about rules', async () => {
  expect((await ask({ ...PLAIN, model: 'lab/default' }, { 'x-llmroute-tier': 'gold' })).model).toBe('lab/default')
})

it('a key that has a tier keeps it, whatever its holder says', async () => {
  const at = await runDaemon({
    sandbox: true,
    default: 'tiers',
    profiles: { tiers: { rules: [{ when: { tier: 'premium' }, use: 'sandbox/large' }], extends: 'economy' } },
  })
  const keyOf = (name: string, tier: string | null) =>
    createLocalKey(localKeysPath(at.runtime.loaded()), { name, tier, profile: null, budget: null }, 0).key
  const [free, plain] = [keyOf('free', 'free'), keyOf('plain', null)]
  await at.reload()
  const modelFor = async (key: string) => {
    const headers = { authorization: `Bearer ${key}`, 'x-llmroute-tier': 'premium' }
    const response = await at.post({ model: 'auto', max_tokens: 20, ...PLAIN }, { headers })
    await response.text()
    return response.headers.get('x-llmroute-model')
  }
  expect(await modelFor(free)).not.toBe('sandbox/large')
  expect(await modelFor(plain)).toBe('sandbox/large')
  await at.end()
})
