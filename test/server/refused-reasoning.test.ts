import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

let provider: FakeProvider
let daemon: TestDaemon

beforeEach(async () => {
  provider = await startFakeProvider()
  daemon = await runDaemon({
    providers: { anthropic: { baseURL: provider.origin, apiKey: 'sk', wire: 'anthropic-messages' } },
    models: [{ id: 'anthropic/claude-opus-5-5', price: { input: 4, output: 20 } }],
  })
})

afterEach(async () => {
  await daemon.end()
  await provider.close()
})

const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body), type: 'application/json' })
const BOUND = 'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.'

it('reasoning that its own model refuses is not sent again on the turns that follow', async () => {
  let answers = 0
  provider.behave((_n, { body }) => {
    const sent = JSON.stringify(body.messages)
    // Of a conversation whose first words have changed since.
    if (sent.includes('c2lnbmVk1') && !sent.includes('First'))
      return json(400, { type: 'error', error: { type: 'invalid_request_error', message: BOUND } })
    const content = [
      { type: 'thinking', thinking: '', signature: `c2lnbmVk${++answers}` },
      { type: 'text', text: 'Fine.' },
    ]
    const usage = { input_tokens: 9, output_tokens: 9 }
    return json(200, {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content,
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage,
    })
  })
  const messages: { role: string; content: unknown }[] = [{ role: 'user', content: 'First' }]
  const turn = async (): Promise<number> => {
    const before = provider.posts.length
    const response = await daemon.post({ model: 'auto', max_tokens: 99, messages }, { path: '/v1/messages' })
    expect(response.status).toBe(200)
    messages.push(
      { role: 'assistant', content: ((await response.json()) as { content: unknown }).content },
      { role: 'user', content: 'Go on.' },
    )
    return provider.posts.length - before
  }
  expect(await turn()).toBe(1)
  messages[0] = { role: 'user', content: 'A summary' }
  expect(await turn()).toBe(2)
  expect(await turn()).toBe(1)
  const sent = JSON.stringify(provider.posts.at(-1)!.body.messages)
  expect([1, 2].map((n) => sent.includes(`c2lnbmVk${n}`))).toEqual([false, true])
})
