import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

/** Claude Code's Task tool: sub-agents speak under their parent's session, with a conversation and a name of their own. */
const MAIN = { 'user-agent': 'claude-cli/2.1.329 (external, cli)', 'x-claude-code-session-id': 'root' }
const SCOUT = { ...MAIN, 'x-claude-code-agent-id': 'scout' }

let provider: FakeProvider
let daemon: TestDaemon

beforeAll(async () => {
  provider = await startFakeProvider()
  daemon = await runDaemon({
    providers: { lab: { baseURL: `${provider.origin}/v1`, apiKey: 'sk' } },
    models: [
      { id: 'lab/small', price: { input: 0.25, output: 1 }, quality: 0.6 },
      { id: 'lab/large', price: { input: 5, output: 20 }, quality: 0.97 },
    ],
    default: 'economy',
    budgets: [{ scope: 'session', limit: 1 }],
  })
})
afterAll(async () => {
  await daemon.end()
  await provider.close()
})

const user = (content: string) => ({ role: 'user', content })
const call = (id: number) => ({ id: `c${id}`, type: 'function', function: { name: 'Bash', arguments: `{"command":"npm test -- ${id}"}` } })

/** A session whose tests have failed so many times. */
function failing(times: number) {
  const messages: unknown[] = [user('make the tests pass')]
  for (let i = 0; i < times; i++) {
    messages.push({ role: 'assistant', content: null, tool_calls: [call(i)] })
    messages.push({ role: 'tool', tool_call_id: `c${i}`, content: `Error: test ${i} failed\nTests: ${i + 1} failed, 3 passed` })
  }
  return messages
}

const TOOLS = [{ type: 'function', function: { name: 'Bash', description: 'Runs.', parameters: { type: 'object' } } }]

async function ask(messages: readonly unknown[], headers: Readonly<Record<string, string>>) {
  const response = await daemon.post({ model: 'auto', max_tokens: 100, messages, tools: TOOLS }, { headers })
  expect(response.status, await response.text()).toBe(200)
  const { call } = await daemon.lastCall()
  return call
}

describe('sub-agents under one session', () => {
  it('have turns of their own, and are listed with it', async () => {
    const turns: number[] = []
    for (const headers of [MAIN, SCOUT, SCOUT, MAIN]) turns.push((await ask([user('list the files')], headers)).turn)
    expect(turns).toEqual([1, 1, 2, 2])
    const sessions = daemon.ledger.listCalls({ session: 'root' }).map((c) => c.session)
    expect(sessions).toEqual(['root', 'root/scout', 'root/scout', 'root'])
    expect(daemon.ledger.listCalls({ session: 'root/scout' })).toHaveLength(2)
  })

  it('do not make a session count the same trouble again', async () => {
    const session = { 'x-claude-code-session-id': 'trouble' }
    for (let i = 0; i < 4; i++) {
      const { reason } = await ask(failing(3), { ...MAIN, ...session })
      expect(reason).not.toContain('rung')
      await ask([user('list the files')], { ...SCOUT, ...session })
    }
  })

  it('draw on its budget', async () => {
    await ask([user('list the files')], { ...SCOUT, 'x-claude-code-session-id': 'purse' })
    const [root, own] = daemon.ledger.budgets(['session:purse', 'session:purse/scout'])
    expect(root?.spent).toBeGreaterThan(0)
    expect(own?.spent).toBe(0)
  })
})
