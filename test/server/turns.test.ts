import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

type Json = Record<string, unknown>

const HARD = 'find out why this deadlocks under load and redesign the locking'
const EASY = 'list the files'

let provider: FakeProvider
let daemon: TestDaemon
let conversations = 0

beforeAll(async () => {
  provider = await startFakeProvider()
  const needs = [
    'tools',
    'parallel-tools',
    'vision',
    'json',
    'json-schema',
    'reasoning-replay',
    'hosted-tools',
    'web-search',
    'mixed-tools',
  ]
  const model = (id: string, input: number, quality: number) => ({
    id,
    price: { input, output: 5 * input },
    quality,
    contextWindow: 400_000,
    maxOutput: 128_000,
    reasoning: true,
    accepts: { needs, thinking: 'effort', efforts: ['low', 'medium', 'high'] },
  })
  daemon = await runDaemon({
    providers: { lab: { baseURL: `${provider.origin}/v1`, apiKey: 'sk' } },
    models: [model('lab/small', 0.25, 0.6), model('lab/large', 5, 0.97)],
    default: 'balanced',
  })
})
afterAll(async () => {
  await daemon.end()
  await provider.close()
})

/** The model that answers; each conversation has a session of its own. */
async function ask(path: string, body: Json, session = `turns-${++conversations}`): Promise<string | null> {
  const response = await daemon.post(body, { path, headers: { 'x-llmroute-session': session } })
  const answer = await response.text()
  if (response.status !== 200) throw new Error(answer)
  return response.headers.get('x-llmroute-model')
}

const CHAT = '/v1/chat/completions'
const user = (content: string): Json => ({ role: 'user', content })
const chat = (...messages: readonly Json[]): Json => ({ model: 'auto', messages })

/** The first turn of a coding agent, with all that it sends along, and other words typed by the person. */
function agentTurn(name: string, text: string): readonly [string, Json] {
  const captured = new URL(`../fixtures/client-bodies/${name}.json`, import.meta.url)
  const { url, body } = JSON.parse(readFileSync(captured, 'utf8')) as { url: string; body: Json }
  const said = (body.messages ?? body.input) as Json[]
  const index = said.findLastIndex((message) => message.role === 'user')
  const { content } = said[index]!
  const typed =
    typeof content === 'string' ? text : (content as Json[]).map((part, i, all) => (i === all.length - 1 ? { ...part, text } : part))
  const changed = said.map((message, i) => (i === index ? { ...message, content: typed } : message))
  return [url.replace(/\?.*$/, ''), { ...body, model: 'auto', [body.messages === undefined ? 'input' : 'messages']: changed }]
}

describe.each(['claude-2.1.197', 'claude-2.1.329', 'codex-0.169.custom-provider', 'opencode-1.18.33.chat'])('a turn of %s', (name) => {
  it.each(['hi', EASY])('that says "%s" reaches the cheap model', async (text) => {
    expect(await ask(...agentTurn(name, text))).toBe('lab/small')
  })

  it('that asks for a redesign reaches the strong one', async () => {
    expect(await ask(...agentTurn(name, HARD))).toBe('lab/large')
  })
})

it.each(['think step by step', 'give me the pros and cons', 'ultrathink', 'this is extremely important to my career'])(
  'the words "%s" do not buy the strong model',
  async (words) => {
    expect(await ask(CHAT, chat(user(`${EASY}. ${words}`)))).toBe('lab/small')
  },
)

it('an easy question after hard ones goes to the cheap model, and a hard one after easy ones to the strong', async () => {
  const talk: Json[] = []
  const models: unknown[] = []
  // No words twice: a question asked again is a sign of trouble.
  for (const text of [HARD, 'find out why the queue loses messages and redesign it', EASY, 'hi', `now for the cache: ${HARD}`, 'thanks']) {
    talk.push(user(text))
    models.push(await ask(CHAT, chat(...talk), 'one-conversation'))
    talk.push({ role: 'assistant', content: 'Done.' })
  }
  expect(models).toEqual(['lab/large', 'lab/large', 'lab/small', 'lab/small', 'lab/large', 'lab/small'])
})
