import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

let provider: FakeProvider
let daemon: TestDaemon

beforeEach(async () => {
  provider = await startFakeProvider()
  const at = { baseURL: `${provider.origin}/v1`, apiKey: 'sk' }
  daemon = await runDaemon({
    providers: { lab: at, anthropic: { ...at, wire: 'openai-chat' } },
    models: [
      { id: 'lab/small', price: { input: 0.1, output: 0.4 }, quality: 0.6 },
      { id: 'lab/large', price: { input: 10, output: 40 }, quality: 0.98 },
      { id: 'anthropic/claude-sonnet-4.5', price: { input: 3, output: 15 }, quality: 0.9 },
    ],
    default: 'thrifty',
    aliases: { 'gpt-4o': 'auto', best: 'auto:max' },
    profiles: {
      thrifty: { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0, switchPrefix: true },
      plain: { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0 },
    },
  })
})

afterEach(async () => {
  await daemon.end()
  await provider.close()
})

interface Said {
  readonly role: string
  readonly content: string
}

async function ask(model: string, messages: readonly Said[]) {
  const response = await daemon.post({ model, messages }, { headers: { 'x-llmroute-session': 'one' } })
  return {
    status: response.status,
    model: response.headers.get('x-llmroute-model'),
    profile: response.headers.get('x-llmroute-profile'),
    body: (await response.json()) as { error?: { message?: string } },
  }
}

const user = (content: string): Said => ({ role: 'user', content })
const assistant: Said = { role: 'assistant', content: 'Fine.' }

it('switches a conversation between auto and max by the name of the model', async () => {
  const talk: Said[] = [user('Write a haiku.')]
  const models: unknown[] = []
  for (const name of ['auto', 'auto:max', 'auto', 'best', 'gpt-4o']) {
    models.push((await ask(name, talk)).model)
    talk.push(assistant, user('Another one.'))
  }
  expect(models).toEqual(['lab/small', 'lab/large', 'lab/small', 'lab/large', 'lab/small'])
})

it('switches by /max at the start of a message for as long as the conversation goes on, and back by /auto', async () => {
  const talk: Said[] = [user('Write a haiku.')]
  const turn = async (text: string) => {
    talk.push(assistant, user(text))
    return ask('auto', talk)
  }
  expect((await ask('auto', talk)).model).toBe('lab/small')
  expect(await turn('/max now a good one')).toMatchObject({ model: 'lab/large', profile: 'max' })
  expect((await turn('Another one.')).model).toBe('lab/large')
  await daemon.restart()
  expect((await turn('One more.')).model).toBe('lab/large')
  expect((await turn('/auto that will do')).model).toBe('lab/small')
  expect((await turn('Look into /max/headroom')).model).toBe('lab/small')
  // The words go out as they were written.
  expect(JSON.stringify(provider.posts.at(1)?.body)).toContain('/max now a good one')
})

it('leaves /max alone where the profile does not have it, and where the client names a model', async () => {
  expect((await ask('auto:plain', [user('/max please')])).model).toBe('lab/small')
  expect((await ask('lab/small', [user('/max please')])).model).toBe('lab/small')
})

it.each([
  ['anthropic/claude-sonnet-4.5', 'anthropic/claude-sonnet-4.5'],
  ['claude-sonnet-4.5', 'anthropic/claude-sonnet-4.5'],
  ['claude-sonnet-4-5', 'anthropic/claude-sonnet-4.5'],
  ['claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4.5'],
  ['Anthropic/Claude-Sonnet-4-5', 'anthropic/claude-sonnet-4.5'],
  ['small', 'lab/small'],
])('a call that names %s is served by %s and nobody else', async (name, model) => {
  expect((await ask(name, [user('Prove the Riemann hypothesis.')])).model).toBe(model)
})

it.each(['claude-sonnet-4', 'claude-opus-4-5', 'claude-sonnet-5', 'larg'])('%s is not guessed into another model', async (name) => {
  const { status, body } = await ask(name, [user('Hello')])
  expect(status).toBe(404)
  expect(body.error?.message).toContain(name)
  expect(provider.posts).toHaveLength(0)
})

it('does not let a failing pinned model fall back', async () => {
  provider.behave(() => ({ status: 500 }))
  expect((await ask('lab/small', [user('Hello')])).status).toBeGreaterThanOrEqual(500)
  expect(new Set(provider.posts.map((p) => p.body.model))).toEqual(new Set(['small']))
})
