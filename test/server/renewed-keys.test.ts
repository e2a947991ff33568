import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon } from './run-daemon.js'

/** A daemon whose provider takes one key, and which has its key from a command. Another account there has a key that is always taken. */
async function start(more: Readonly<Record<string, unknown>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const key = join(folder, 'key')
  const log = join(folder, 'log')
  const provider = await startFakeProvider()
  onTestFinished(() => provider.close())
  const taken = { key: 'first' }
  provider.behave((_n, { headers }) =>
    [`Bearer ${taken.key}`, 'Bearer fixed'].includes(`${headers.authorization}`) ? 'ok' : { status: 401 },
  )
  writeFileSync(key, 'first\n')
  const baseURL = `${provider.origin}/v1`
  const daemon = await runDaemon({
    providers: {
      lab: { baseURL, apiKey: { command: ['sh', '-c', `echo asked >> '${log}'; cat '${key}'`] } },
      other: { baseURL, apiKey: 'fixed' },
    },
    models: [{ id: 'lab/a', price: { input: 1, output: 4 } }],
    ...more,
  })
  onTestFinished(() => daemon.end())
  return {
    daemon,
    provider,
    replaceKey(text: string) {
      taken.key = text
      writeFileSync(key, text)
    },
    taken,
    asked: () => readFileSync(log, 'utf8').split('\n').length - 1,
  }
}

it('a key that has expired is asked for again, once for all calls, and none of them fails', async () => {
  const { daemon, replaceKey, asked } = await start()
  expect((await daemon.post(HELLO)).status).toBe(200)
  replaceKey('second')
  const answers = await Promise.all(Array.from({ length: 5 }, () => daemon.post(HELLO)))
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200])
  expect(asked()).toBe(2)
  const { attempts } = daemon.call(answers[0]!.headers.get('x-llmroute-call'))
  expect(attempts.map((attempt) => [attempt.status, attempt.billed])).toEqual([
    [401, 'no'],
    [200, 'yes'],
  ])
})

it('a key that is refused with a 400, as by Google and xAI, is asked for again', async () => {
  const { daemon, provider, replaceKey, taken } = await start()
  const error = { message: 'Incorrect API key provided.', type: 'invalid_request_error' }
  const refusal = { status: 400, body: JSON.stringify({ error }) }
  provider.behave((_n, { headers }) => (headers.authorization === `Bearer ${taken.key}` ? 'ok' : refusal))
  replaceKey('second')
  expect((await daemon.post(HELLO)).status).toBe(200)
})

it('a key that is still refused fails as before, and the provider is not asked twice', async () => {
  const { daemon, provider, taken, asked } = await start()
  taken.key = 'another'
  const answer = await daemon.post(HELLO)
  expect(answer.status).toBe(502)
  expect(provider.posts).toHaveLength(1)
  expect(asked()).toBe(2)
  expect(daemon.runtime.health.read('lab/a', Date.now()).breaker).toBe('open')
})

it('a manager that gives another key each time is not taken for a cure', async () => {
  const { daemon, provider, replaceKey, asked } = await start()
  let n = 0
  provider.behave(() => {
    replaceKey(`key ${n++}`)
    return { status: 401 }
  })
  expect((await daemon.post(HELLO)).status).toBe(502)
  expect(provider.posts).toHaveLength(2)
  expect(asked()).toBe(2)
  expect(daemon.runtime.health.read('lab/a', Date.now()).breaker).toBe('open')
})

it('a key that is refused to a shadow is asked for again, too', async () => {
  const { daemon, replaceKey } = await start({
    models: [
      { id: 'lab/a', price: { input: 1, output: 4 } },
      { id: 'other/b', price: { input: 0.1, output: 0.4 } },
    ],
    default: 'test',
    profiles: { test: { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0, shadow: { model: 'lab/a', maxUsdPerDay: 1 } } },
  })
  replaceKey('second')
  const shadowOf = async (): Promise<string> => {
    // One that was refused rests.
    daemon.runtime.health.forget()
    const id = (await daemon.post({ ...HELLO, max_tokens: 100 })).headers.get('x-llmroute-call')
    for (;;) {
      const row = daemon.call(id).attempts.find((attempt) => attempt.purpose === 'shadow')
      if (row !== undefined) return row.outcome
      await sleep(10)
    }
  }
  expect(await shadowOf()).toBe('error')
  await expect.poll(shadowOf, { timeout: 20_000 }).toBe('ok')
})
