import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let first: FakeProvider
let second: FakeProvider
let daemon: TestDaemon

async function start(shadow: Readonly<Record<string, unknown>>): Promise<void> {
  first = await startFakeProvider()
  second = await startFakeProvider()
  daemon = await runDaemon(twoProviders(first.origin, second.origin, { shadow: { model: 'two/b', ...shadow } }))
}

afterEach(async () => {
  await daemon.end()
  await Promise.all([first.close(), second.close()])
})

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Resolves when nobody was asked for a while. */
async function quiet(): Promise<void> {
  for (let seen = -1; seen !== second.posts.length; ) {
    seen = second.posts.length
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

const shadows = (id: string | null) => daemon.call(id).attempts.filter((a) => a.purpose === 'shadow')

it.each([false, true])('asks a second model after the client has its answer, and pays for it apart (stream: %s)', async (stream) => {
  await start({ maxUsdPerDay: 1 })
  const response = await daemon.post({ ...HELLO, stream, max_tokens: 100 })
  await response.text()
  const id = response.headers.get('x-llmroute-call')
  await until(() => shadows(id).length > 0)
  expect(shadows(id)).toMatchObject([{ model: 'two/b', outcome: 'ok', costNano: 20 * 2000 + 10 * 8000 }])
  const { call } = daemon.call(id)
  expect(call.costNano).toBe(20 * 1000 + 10 * 4000)
  expect(call.shadowCostNano).toBe(20 * 2000 + 10 * 8000)
  expect(second.posts[0]?.body.stream ?? false).toBe(false)
})

it('does not keep the client waiting for a shadow that never answers', async () => {
  await start({ maxUsdPerDay: 1 })
  second.behave(() => 'stall')
  const response = await daemon.post({ ...HELLO, max_tokens: 100 })
  expect(response.status).toBe(200)
  await response.text()
  expect(daemon.call(response.headers.get('x-llmroute-call')).call.status).toBe('ok')
  // A second call is served while the first one's shadow still waits.
  expect((await daemon.post(HELLO)).status).toBe(200)
})

it('never passes the cap of a day, however many calls come at once, nor after a restart', async () => {
  // At most 100 tokens of output and a few of input at 2 and 8 dollars: under 1/1000 dollar at most, 0.00012 really.
  await start({ maxUsdPerDay: 0.003 })
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => daemon.post({ ...HELLO, max_tokens: 100, seed: i })))
  for (const response of all) await response.text()
  await quiet()
  const spent = () => daemon.ledger.listCalls({}).reduce((sum, c) => sum + (c.shadowCostNano ?? 0), 0)
  expect(spent()).toBeGreaterThan(0)
  expect(spent()).toBeLessThanOrEqual(3_000_000)
  await daemon.restart()
  for (let i = 0; i < 30; i++) await (await daemon.post({ ...HELLO, max_tokens: 100, seed: i })).text()
  await quiet()
  expect(spent()).toBeLessThanOrEqual(3_000_000)
  const asked = second.posts.length
  await (await daemon.post({ ...HELLO, max_tokens: 100 })).text()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(second.posts.length).toBe(asked)
})

it('leaves a share of the calls without', async () => {
  await start({ maxUsdPerDay: 1, rate: 0 })
  await (await daemon.post(HELLO)).text()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(second.posts).toHaveLength(0)
})

it('prices a shadow without usage by its words, not by the JSON around them', async () => {
  const message = { role: 'assistant', content: 'Twelve chars' }
  const body = JSON.stringify({
    id: 'x',
    object: 'chat.completion',
    created: 1,
    model: 'b',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
  })
  const server = createServer((_req, res) => res.writeHead(200, { 'content-type': 'application/json' }).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  first = await startFakeProvider()
  second = await startFakeProvider()
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  daemon = await runDaemon(twoProviders(first.origin, origin, { shadow: { model: 'two/b', maxUsdPerDay: 1 } }))
  const response = await daemon.post({ ...HELLO, max_tokens: 100 })
  await response.text()
  const id = response.headers.get('x-llmroute-call')
  await until(() => shadows(id).length > 0)
  expect(shadows(id)).toMatchObject([{ outcome: 'ok', outputTokens: 3, usageSource: 'estimated' }])
})
