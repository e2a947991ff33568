import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon } from './run-daemon.js'

/** A daemon whose provider takes one key, and which has its key from a command. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const key = join(folder, 'key')
  const log = join(folder, 'log')
  const provider = await startFakeProvider()
  onTestFinished(() => provider.close())
  const taken = { key: 'first' }
  provider.behave((_n, post) => (post.headers.authorization === `Bearer ${taken.key}` ? 'ok' : { status: 401 }))
  writeFileSync(key, 'first\n')
  const daemon = await runDaemon({
    providers: { lab: { baseURL: `${provider.origin}/v1`, apiKey: { command: ['sh', '-c', `echo asked >> '${log}'; cat '${key}'`] } } },
    models: [{ id: 'lab/a', price: { input: 1, output: 4 } }],
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
