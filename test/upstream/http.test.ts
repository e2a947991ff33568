import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { Fault } from '../../src/kit/index.js'
import { createHttpUpstream, type HttpUpstream, readWhole, type UpstreamRequest } from '../../src/upstream/index.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'

let provider: FakeProvider
let http: HttpUpstream

beforeEach(async () => {
  provider = await startFakeProvider()
  http = createHttpUpstream({ env: {}, connectMs: 2000 })
})
afterEach(async () => {
  await http.close()
  await provider.close()
})

const TIMEOUTS = { connectMs: 2000, firstByteMs: 300, idleMs: 300 }

function ask(over: Partial<UpstreamRequest> = {}): UpstreamRequest {
  const body = JSON.stringify({ model: 'm', messages: [] })
  const headers = { 'content-type': 'application/json' }
  return { baseURL: `${provider.origin}/v1`, path: '/chat/completions', headers, body, timeouts: TIMEOUTS, ...over }
}

async function whole(request = ask()): Promise<string> {
  const flight = http.dispatch(request)
  return (await readWhole(await flight.answer, flight.cancel)).toString()
}

describe('one attempt over HTTP', () => {
  it('appends the path to the base URL, with or without a slash', async () => {
    await whole()
    await whole(ask({ baseURL: `${provider.origin}/deep/v1/` }))
    expect(provider.posts.map((p) => p.path)).toEqual(['/v1/chat/completions', '/deep/v1/chat/completions'])
  })

  it('keeps the query of a base URL, as Azure has one', async () => {
    const baseURL = `${provider.origin}/openai/deployments/d?api-version=2024-10-21`
    await whole(ask({ baseURL }))
    await whole(ask({ baseURL, path: '/chat/completions?beta=true' }))
    expect(provider.posts.map((p) => p.path)).toEqual([
      '/openai/deployments/d/chat/completions?api-version=2024-10-21',
      '/openai/deployments/d/chat/completions?beta=true&api-version=2024-10-21',
    ])
  })

  it.each(['日本', 'line\nbreak'])('says that a key cannot be sent, not that the provider broke the connection: %j', async (key) => {
    await expect(whole(ask({ headers: { authorization: `Bearer ${key}` } }))).rejects.toMatchObject({
      message: expect.stringMatching(/cannot be sent as configured/),
      hint: expect.stringMatching(/provider's key/),
    })
    expect(provider.posts).toEqual([])
  })

  it('waits for the answer behind an interim one, whose headers are not its own', async () => {
    const server = createTcpServer((socket) => {
      const hints = 'HTTP/1.1 103 Early Hints\r\ncontent-encoding: gzip\r\n\r\n'
      socket.once('data', () => socket.end(`${hints}HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`))
    })
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    expect(await whole(ask({ baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }))).toBe('{}')
  })

  it.each([
    ['gzip', gzipSync],
    ['X-GZip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['zstd', (text: string) => text],
  ])('undoes compression that nobody asked for, where it knows how: %s', async (coding, compress) => {
    const server = createServer((_req, res) => res.writeHead(200, { 'content-encoding': coding }).end(compress('{"ok":true}')))
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    expect(await whole(ask({ baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))).toBe('{"ok":true}')
  })

  it('says that compression is broken, not the connection', async () => {
    const broken = createServer((_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end('{"not": "compressed"}'))
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
    const baseURL = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`
    await expect(whole(ask({ baseURL }))).rejects.toMatchObject({
      code: 'E_UPSTREAM',
      message: expect.stringContaining('gzip compression'),
    })
    broken.close()
  })

  it('tells what is not HTTP', async () => {
    const other = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.0\r\n'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const baseURL = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    await expect(whole(ask({ baseURL }))).rejects.toMatchObject({ message: expect.stringContaining('not HTTP') })
    other.close()
  })

  it('undoes it no faster than the reader takes it, and no further than it is wanted', async () => {
    const zeros = gzipSync(Buffer.alloc(8_000_000))
    const bomb = createServer((_req, res) => res.writeHead(200, { 'content-encoding': 'GZIP' }).end(zeros))
    await new Promise<void>((resolve) => bomb.listen(0, '127.0.0.1', resolve))
    const flight = http.dispatch(ask({ baseURL: `http://127.0.0.1:${(bomb.address() as AddressInfo).port}` }))
    const answer = await flight.answer
    let size = 0
    const read = answer.consume((chunk) => {
      size += chunk.length
      return false
    })
    await sleep(200)
    const held = size
    expect(held).toBeLessThan(200_000)
    answer.resume()
    await vi.waitFor(() => expect(size).toBeGreaterThan(held))
    flight.cancel(new Fault('E_CANCELLED', 'enough'))
    await expect(read).rejects.toThrow('enough')
    expect(size).toBeLessThan(8_000_000)
    bomb.closeAllConnections()
    bomb.close()
  })

  it.each([
    ['stall', 'E_UPSTREAM_TIMEOUT', /no first byte/],
    ['stall-mid', 'E_UPSTREAM_TIMEOUT', /sent nothing more/],
    ['reset', 'E_UPSTREAM', /broke the connection/],
    ['reset-mid', 'E_UPSTREAM', /before the answer was complete/],
  ] as const)('says what happened: %s', async (how, code, words) => {
    provider.behave(() => how)
    const fault = await whole().catch((e: unknown) => e)
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code, message: expect.stringMatching(words) })
  })

  it('tells a provider that is not there from one that does not answer', async () => {
    const { port } = provider
    await provider.close()
    const flight = http.dispatch(ask({ baseURL: `http://127.0.0.1:${port}/v1` }))
    await expect(flight.answer).rejects.toMatchObject({ code: 'E_UPSTREAM', message: expect.stringContaining('nothing answers') })
    expect(flight.times.sent).toBeNull()
    await expect(whole(ask({ baseURL: 'http://no-such-host.invalid/v1' }))).rejects.toMatchObject({
      message: expect.stringContaining('resolved'),
    })
  })

  it('gives up on a connection that is not accepted in time', async () => {
    // A TLS handshake that never comes back.
    const silent = createTcpServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const baseURL = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`
    const flight = http.dispatch(ask({ baseURL, timeouts: { ...TIMEOUTS, connectMs: 200 } }))
    await expect(flight.answer).rejects.toMatchObject({ code: 'E_UPSTREAM_TIMEOUT' })
    expect(flight.times.sent).toBeNull()
    silent.close()
  })

  it('ends the provider’s work when it is cancelled', async () => {
    provider.behave(() => 'stall')
    const flight = http.dispatch(ask())
    while (provider.posts.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    flight.cancel(new Fault('E_CANCELLED', 'enough'))
    await expect(flight.answer).rejects.toMatchObject({ code: 'E_CANCELLED' })
    while (!provider.posts[0]?.aborted) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('can be cancelled before the connection is there', async () => {
    const flight = http.dispatch(ask())
    flight.cancel(new Fault('E_CANCELLED', 'enough'))
    await expect(flight.answer).rejects.toMatchObject({ code: 'E_CANCELLED' })
  })

  it('refuses an answer that would not fit into memory', async () => {
    provider.behave(() => 'huge')
    const flight = http.dispatch(ask())
    await expect(readWhole(await flight.answer, flight.cancel, 5 * 1024 * 1024)).rejects.toMatchObject({
      message: expect.stringContaining('5 MB'),
    })
  })
})

describe('a proxy on the way', () => {
  let proxy: Server
  const seen: string[] = []

  beforeEach(async () => {
    seen.length = 0
    proxy = createServer((req, res) => {
      seen.push(`${req.method} ${req.url}`)
      res.writeHead(200, { 'content-type': 'application/json' })
      res.end('{"via":"proxy"}')
    })
    // Plain HTTP is tunnelled too.
    proxy.on('connect', (req, socket) => {
      seen.push(`CONNECT ${req.url}`)
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => void proxy.close())

  it('is used where the environment names one, but never for loopback or NO_PROXY', async () => {
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const through = createHttpUpstream({ env: { HTTPS_PROXY: url, http_proxy: url, NO_PROXY: 'direct.invalid' }, connectMs: 2000 })
    const send = (baseURL: string) => through.dispatch(ask({ baseURL })).answer.catch((e: unknown) => e)
    await send('http://provider.invalid/v1')
    await send('https://provider.invalid/v1')
    expect(seen.length).toBe(2)
    await send(`${provider.origin}/v1`)
    await send('https://direct.invalid/v1')
    expect(seen.length).toBe(2)
    expect(provider.posts.length).toBe(1)
    await through.close()
  })

  const sendThrough = async (env: Readonly<Record<string, string>>, baseURL: string): Promise<unknown> => {
    const through = createHttpUpstream({ env, connectMs: 2000 })
    onTestFinished(() => through.close())
    return through.dispatch(ask({ baseURL })).answer.catch((error: unknown) => error)
  }
  const address = () => `127.0.0.1:${(proxy.address() as AddressInfo).port}`

  it('may be named without a scheme, and says itself that it refuses', async () => {
    expect(await sendThrough({ HTTPS_PROXY: address() }, 'https://provider.invalid/v1')).toMatchObject({
      message: 'the proxy for provider.invalid refused the connection (status 502)',
    })
    expect(seen).toEqual(['CONNECT provider.invalid:443'])
  })

  it('may speak SOCKS5, which looks up the name by itself in the spelling of curl, too', async () => {
    const asked: string[] = []
    const socks = createTcpServer((socket) =>
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]))
        socket.once('data', (connect) => {
          asked.push(connect.subarray(5, -2).toString())
          socket.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0]))
        })
      }),
    )
    await new Promise<void>((resolve) => socks.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void socks.close())
    const { port } = socks.address() as AddressInfo
    for (const scheme of ['socks5', 'socks5h'])
      await sendThrough({ HTTPS_PROXY: `${scheme}://127.0.0.1:${port}` }, 'https://provider.invalid/v1')
    expect(asked).toEqual(['provider.invalid', 'provider.invalid'])
  })

  it('that cannot be one is refused by the name of its variable', async () => {
    const fault = await sendThrough({ HTTPS_PROXY: 'http://[nowhere' }, 'https://provider.invalid/v1')
    expect(fault).toMatchObject({ code: 'E_CONFIG', message: expect.stringContaining('HTTPS_PROXY') })
  })

  it('is not used for loopback by its IPv6 address, nor for anything where NO_PROXY is *', async () => {
    await sendThrough({ HTTP_PROXY: address() }, 'http://[::1]:9/v1')
    await sendThrough({ HTTPS_PROXY: address(), NO_PROXY: '*' }, 'https://provider.invalid/v1')
    expect(seen).toEqual([])
  })
})
