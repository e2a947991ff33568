import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

/** What no client library would send. */
let provider: FakeProvider
let daemon: TestDaemon

beforeAll(async () => {
  provider = await startFakeProvider()
  daemon = await runDaemon(twoProviders(provider.origin, provider.origin))
})
afterAll(async () => {
  await daemon.end()
  await provider.close()
})

const BODY = JSON.stringify(HELLO)
const HEAD = 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n'
const SECOND = 'GET /api/status HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'

/** All that comes back on one connection, which the daemon is to close by itself. */
function answerTo(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(daemon.port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

const statusesOf = async (bytes: string): Promise<number[]> =>
  [...(await answerTo(bytes)).matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((found) => Number(found[1]))

describe('a request that could be read in two ways', () => {
  it.each([
    ['a length and chunks', `${HEAD}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`],
    ['two lengths', `${HEAD}content-length: ${BODY.length}\r\ncontent-length: 3\r\n\r\n${BODY}`],
    ['a negative length', `${HEAD}content-length: -5\r\n\r\n${BODY}`],
    ['another encoding than chunks', `${HEAD}transfer-encoding: xchunked\r\n\r\n${BODY}`],
    ['chunks and something after', `${HEAD}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n`],
    ['a blank before the colon', `${HEAD}content-length : 2\r\n\r\n{}`],
    ['line feeds alone', `${HEAD.replaceAll('\r', '')}content-length: 2\n\n{}`],
    ['a line feed within a value', `${HEAD}x-llmroute-tags: a\nx-more: b\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`],
    ['no Host', 'GET /v1/models HTTP/1.1\r\n\r\n'],
  ])('is refused once, and nothing behind it is read: %s', async (_name, bytes) => {
    expect(await statusesOf(bytes)).toEqual([400])
  })

  it('leaves what was not read of a refused body unread', async () => {
    const refused = HEAD.replace('127.0.0.1', 'evil.example')
    expect(await statusesOf(`${refused}content-length: ${SECOND.length}\r\n\r\n${SECOND}`)).toEqual([403])
  })

  it('has headers of a sensible size', async () => {
    expect(await statusesOf(`GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`)).toEqual([431])
  })
})

it('a body may begin with the byte order mark of a file from Windows', async () => {
  const body = `\ufeff${BODY}`
  expect(await statusesOf(`${HEAD}connection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)).toEqual([200])
  expect(provider.posts.at(-1)?.raw[0]).toBe(0x7b)
})

it('a path may begin with the slash that its base URL ended with', async () => {
  const paths = ['//v1/chat/completions', '/v1//chat/completions', '//chat/completions']
  const answers = paths.map((path) =>
    statusesOf(`${HEAD.replace('/v1/chat/completions', path)}connection: close\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`),
  )
  expect(await Promise.all(answers)).toEqual([[200], [200], [200]])
})

describe('what is not well-formed HTTP', () => {
  const bodyOf = async (bytes: string) => JSON.parse((await answerTo(bytes)).split('\r\n\r\n')[1] ?? '')

  it('is answered with an error that says so', async () => {
    expect(await bodyOf('\x16\x03\x01\x00\xc8')).toMatchObject({ error: { message: expect.stringContaining('not well-formed HTTP') } })
    expect(await bodyOf(`GET /v1/models HTTP/1.1\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`)).toMatchObject({
      error: { message: 'the headers of the request are too long. Send fewer or shorter headers.' },
    })
    expect(await answerTo('\x16\x03\x01\x00\xc8')).toMatch(/x-llmroute-call: [0-9A-Z]{26}\r\n/)
  })

  it('is answered in the format of the path, where that was read before', async () => {
    const head = HEAD.replace('/v1/chat/completions', '/v1/messages')
    expect(await bodyOf(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n{}`)).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error' },
    })
  })
})

it('what is no request does not break into the answer of one that was sent before it', async () => {
  let end = () => {}
  const until = new Promise<void>((resolve) => {
    end = resolve
  })
  provider.behave(() => ({ events: 3, until }))
  const body = JSON.stringify({ ...HELLO, stream: true })
  const both = `GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n${HEAD}content-length: ${body.length}\r\n\r\n${body}`
  const text = await new Promise<string>((resolve) => {
    let got = ''
    let sent = false
    const socket = connect(daemon.port, '127.0.0.1', () => socket.write(both))
    socket.on('data', (chunk) => {
      got += chunk.toString()
      if (sent || !got.includes('event-stream')) return
      sent = true
      socket.write('no request\r\n\r\n')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(got))
  })
  end()
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((found) => found[1])).toEqual(['200', '200'])
})

describe('a compressed body', () => {
  it('is refused as such, not as broken JSON', async () => {
    const response = await daemon.post('\x1f\x8b', { headers: { 'content-encoding': 'gzip' } })
    expect(response.status).toBe(415)
    expect(await response.text()).toContain('compressed (gzip)')
  })
})

describe('a client that wants a WebSocket', () => {
  const UPGRADE = 'GET /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'

  it('is told at once that there is none', async () => {
    expect(await statusesOf(UPGRADE)).toEqual([426])
  })

  it('does not end the process by breaking the connection', async () => {
    const uncaught: unknown[] = []
    const note = (error: unknown) => uncaught.push(error)
    process.on('uncaughtException', note)
    for (let i = 0; i < 20; i++) await breakOff(UPGRADE)
    expect(await statusesOf(UPGRADE)).toEqual([426])
    process.off('uncaughtException', note)
    expect(uncaught).toEqual([])
  })

  function breakOff(bytes: string): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(daemon.port, '127.0.0.1', () => socket.write(bytes, () => socket.resetAndDestroy()))
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  }
})

describe('a path with tricks in it', () => {
  it.each([
    ['/v1/models/../../etc/passwd', 404],
    ['/v1/models/%2e%2e%2f%2e%2e%2fetc%2fpasswd', 404],
    ['/v1beta/models/..%2f..%2fx:generateContent', 404],
    ['/api/../v1/models', 401],
    ['//api/status', 404],
    ['/%61pi/status', 404],
    ['/API/status', 404],
    ['/api/status/', 401],
    ['/api/explain/..%2f..%2fetc%2fpasswd', 401],
    ['/v1/models/__proto__', 404],
    ['/v1beta/models/x:constructor', 404],
    ['/v1/models/%00', 404],
    ['/v1/models/%zz', 404],
    ['http://evil.example/v1/models', 404],
  ])('leads nowhere: %s', async (path, status) => {
    expect(await statusesOf(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)).toEqual([status])
  })
})

describe('what reaches a provider', () => {
  it('has the address and the headers of the configuration only', async () => {
    const before = provider.posts.length
    await daemon.post(
      { ...HELLO, base_url: 'http://evil.example', api_base: 'http://evil.example' },
      { headers: { 'x-base-url': 'http://evil.example', 'x-forwarded-host': 'evil.example', cookie: 'a=b' } },
    )
    const sent = provider.posts.slice(before)
    expect(sent).toHaveLength(1)
    expect(JSON.stringify(sent[0]?.headers)).not.toMatch(/evil|cookie/)
  })

  it.each(['auto\r\nx-more: 1', 'one/a\r\nhost: evil.example', 'auto:test\nx: y'])(
    'never has a header from a model name: %j',
    async (model) => {
      const before = provider.posts.length
      const response = await daemon.post({ ...HELLO, model })
      expect(response.status).toBe(404)
      expect(response.headers.get('x-more')).toBeNull()
      expect(provider.posts.length).toBe(before)
    },
  )

  it('may carry a __proto__ without any harm here', async () => {
    const response = await daemon.post(`{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${BODY.slice(1)}`)
    expect(response.status).toBe(200)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('a request nested more deeply than the stack', () => {
  const nested = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`

  it('is refused as such', async () => {
    const tool = `{"type":"function","function":{"name":"f","parameters":${nested}}}`
    const response = await daemon.post(`{"model":"auto","messages":[{"role":"user","content":"hi"}],"tools":[${tool}]}`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('nested too deeply')
  })
})
