import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { ANSWER, type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

let provider: FakeProvider
let daemon: TestDaemon

beforeAll(async () => {
  provider = await startFakeProvider()
  const price = { input: 1, output: 4 }
  daemon = await runDaemon({
    providers: {
      resp: { wire: 'openai-responses', baseURL: `${provider.origin}/v1`, apiKey: 'k' },
      anth: { wire: 'anthropic-messages', baseURL: provider.origin, apiKey: 'k' },
    },
    models: [
      { id: 'resp/m', price },
      { id: 'anth/m', price },
    ],
  })
})
afterAll(async () => {
  await daemon.end()
  await provider.close()
})
// Only the clock of the pings: sockets keep theirs.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

/** Asks over the format's path; the provider is silent after so many events, for longer than a client should wait without a word. */
async function askSilent(path: string, model: string, events: number, comment = ''): Promise<string> {
  let speak = (): void => {}
  const until = new Promise<void>((resolve) => {
    speak = resolve
  })
  const asked = provider.posts.length
  provider.behave(() => ({ events, until, comment }))
  const body = { model, max_tokens: 100, stream: true, input: 'hi', messages: [{ role: 'user', content: 'hi' }] }
  const answer = daemon.post(body, { path }).then((response) => response.text())
  while (provider.posts.length === asked) await new Promise((resolve) => setTimeout(resolve, 5))
  // Each step lets the sockets work, so that what was said has arrived before the silence.
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    vi.advanceTimersByTime(6000)
  }
  speak()
  return answer
}

it.each([
  [2, ''],
  [5, ''],
  [0, ': PROCESSING\n\n'],
])('a provider of another format that is silent after %i events and %j is made up for by pings', async (events, comment) => {
  const text = await askSilent('/v1/messages', 'resp/m', events, comment)
  const names = [...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1])
  expect(names.filter((name) => name === 'message_start')).toHaveLength(1)
  expect(names[0]).toBe('message_start')
  expect(names).toContain('ping')
  expect(names.at(-1)).toBe('message_stop')
  const words = [...text.matchAll(/"text_delta","text":("(?:[^"\\]|\\.)*")/g)].map((match) => JSON.parse(match[1]!) as string)
  expect(words.join('')).toBe(ANSWER)
})

it('one that has not begun gets no pings, since another model may still answer', async () => {
  expect(await askSilent('/v1/messages', 'resp/m', 0)).not.toContain('event: ping')
})

it('one of the client’s own format pings for itself', async () => {
  expect(await askSilent('/v1/messages', 'anth/m', 3)).not.toContain('event: ping')
})

it('the heading of an answer waits for its first words for 10 s, no longer', async () => {
  let speak = (): void => {}
  const until = new Promise<void>((resolve) => {
    speak = resolve
  })
  const comment = ': PROCESSING\n\n'
  provider.behave(() => ({ events: 0, until, comment }))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const asked = provider.posts.length
  let begun = false
  const answer = daemon.post(
    { model: 'anth/m', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'hi' }] },
    { path: '/v1/messages' },
  )
  void answer.then(() => {
    begun = true
  })
  while (provider.posts.length === asked) await sleep(5)
  await sleep(100)
  vi.advanceTimersByTime(9_900)
  await sleep(100)
  expect(begun).toBe(false)
  vi.advanceTimersByTime(100)
  const response = await answer
  const reader = response.body!.getReader()
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(comment)
  vi.useRealTimers()
  speak()
  let rest = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) rest += Buffer.from(part.value).toString()
  expect(rest).toContain('event: message_stop')
})
