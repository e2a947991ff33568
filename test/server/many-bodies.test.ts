import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createRoom } from '../../src/server/share-room.js'
import { startServer } from '../../src/server/start-server.js'
import { startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, twoProviders } from './run-daemon.js'

const MB = 1024 * 1024

/** A server with room for 8 MB of long bodies, whose calls are answered when told to. */
async function start(options: { readonly maxBody?: number; readonly stalledMs?: number } = {}) {
  const calls: { readonly size: number; answer(): void }[] = []
  const server = await startServer({
    router: {
      handle: async ({ body }, outlet) => {
        const answer = (): void => {
          outlet.head(200, {})
          outlet.end('{}')
        }
        calls.push({ size: body.length / MB, answer })
      },
      consider: () => expect.unreachable(),
      inFlight: 0,
    },
    setup: () => expect.unreachable(),
    port: 0,
    host: '127.0.0.1',
    mostBodies: 8 * MB,
    ...options,
  })
  onTestFinished(() => server.close())
  const post = (size: number, announced = true): ClientRequest => {
    const length = announced ? { 'content-length': size } : {}
    const headers = { 'content-type': 'application/json', ...length }
    const sent = request({ port: server.port, host: '127.0.0.1', path: '/v1/chat/completions', method: 'POST', headers })
    sent.on('error', () => {})
    sent.write(Buffer.alloc(size, ' '))
    sent.end()
    return sent
  }
  /** Sizes of the calls that have come, in MB, once there are so many. */
  const come = async (count: number): Promise<number[]> => {
    while (calls.length < count) await sleep(5)
    return calls.map((call) => call.size)
  }
  return { port: server.port, calls, post, come }
}

it('a long request waits until there is memory for it; a short one never does', async () => {
  const { calls, post, come } = await start()
  const first = post(5 * MB)
  await come(1)
  post(6 * MB)
  await sleep(200)
  post(MB)
  expect(await come(2)).toEqual([5, 1])
  calls[0]!.answer()
  await once(first, 'response')
  expect(await come(3)).toEqual([5, 1, 6])
})

it('one that is longer than the memory for all is served alone, and a client that leaves makes room', async () => {
  const { post, come } = await start()
  const long = post(20 * MB)
  await come(1)
  const waits = post(6 * MB)
  waits.destroy()
  long.destroy()
  post(7 * MB)
  expect((await come(2)).slice(0, 2)).toEqual([20, 7])
})

it('a client that leaves makes room also for what it sent behind another request', async () => {
  const { port, post, come } = await start()
  const client = connect(port, '127.0.0.1')
  for (const size of [1, 5 * MB])
    client.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${size}\r\n\r\n${' '.repeat(size)}`,
    )
  await come(2)
  client.destroy()
  post(6 * MB)
  expect((await come(3)).at(-1)).toBe(6)
})

it('a body of unknown length counts as the longest until it is read, and then as what it is', async () => {
  const { post, come } = await start({ maxBody: 4 * MB })
  for (let i = 0; i < 3; i++) post(2 * MB, false)
  expect(await come(3)).toEqual([2, 2, 2])
})

it('whoever waits is let in in order, and somebody who does not fit is not overtaken', () => {
  const room = createRoom(10)
  const came: string[] = []
  const enter = (name: string, bytes: number) => room.enter(bytes, () => came.push(name))
  const a = enter('a', 6)
  const b = enter('b', 6)
  const c = enter('c', 1)
  expect(came).toEqual(['a'])
  a(2)
  expect(came).toEqual(['a', 'b', 'c'])
  const d = enter('d', 9)
  const e = enter('e', 1)
  b()
  c()
  expect(came).toEqual(['a', 'b', 'c'])
  d()
  expect(came).toEqual(['a', 'b', 'c', 'e'])
  a()
  e()
  enter('f', 50)
  expect(came.at(-1)).toBe('f')
})

it('a request that is complete only after its time asks no model, and is held against none', async () => {
  const provider = await startFakeProvider()
  onTestFinished(() => provider.close())
  const daemon = await runDaemon(twoProviders(provider.origin, provider.origin, { timeouts: { total: '100ms' } }))
  onTestFinished(() => daemon.end())
  for (let i = 0; i < 3; i++) {
    const sent = request(`${daemon.url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' } })
    sent.write(' ')
    setTimeout(() => sent.end(JSON.stringify(HELLO)), 150)
    const [{ statusCode }] = (await once(sent, 'response')) as [IncomingMessage]
    expect(statusCode).toBe(504)
  }
  expect((await daemon.lastCall()).attempts).toEqual([])
  expect(daemon.runtime.health.read('one/a', Date.now()).breaker).toBe('closed')
})

it('a client that stops sending in the middle gives its room to others, and is told so', async () => {
  const { port, post, come } = await start({ stalledMs: 200 })
  const headers = { 'content-type': 'application/json', 'content-length': 6 * MB }
  const sent = request({ port, host: '127.0.0.1', path: '/v1/chat/completions', method: 'POST', headers })
  sent.on('error', () => {})
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  sent.write(Buffer.alloc(2 * MB, ' '))
  await sleep(50)
  post(6 * MB)
  expect(await come(1)).toEqual([6])
  expect((await answered)[0].statusCode).toBe(408)
})
