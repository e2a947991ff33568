import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { localKeysPath } from '../../src/config/index.js'
import { readDaemonFile } from '../../src/control/index.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

let daemon: TestDaemon
let token: string

beforeAll(async () => {
  daemon = await runDaemon({ sandbox: true, aliases: { 'gpt-4o': 'auto:economy' }, server: { maxBody: '1MB' } })
  token = readDaemonFile(daemon.ledger.path)?.token ?? ''
})
afterAll(() => daemon.end())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** fetch() would not let a test set Host or Origin. */
function send(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ port: daemon.port, host: '127.0.0.1', method, path, headers }, (res) => {
      let text = ''
      res.on('data', (c: Buffer) => {
        text += c.toString()
      })
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }))
    })
    req.on('error', reject)
    req.end(body)
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const BODY = JSON.stringify({ model: 'sandbox/tiny', messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 })

describe('who may ask', () => {
  it.each(['evil.example', 'evil.example:4141', '127.0.0.1.evil.example', 'localhost.evil.example', '0.0.0.0'])(
    'refuses Host %s',
    async (host) => {
      expect((await send('GET', '/v1/models', { host })).status).toBe(403)
    },
  )
  it.each(['localhost', 'LOCALHOST:99', '127.0.0.1:1', '[::1]:4141'])('accepts Host %s', async (host) => {
    expect((await send('GET', '/v1/models', { host })).status).toBe(200)
  })
  it('refuses any Origin on inference routes, and never sends a CORS header', async () => {
    const answer = await send('POST', '/v1/chat/completions', { ...JSON_TYPE, origin: `http://127.0.0.1:${daemon.port}` }, BODY)
    expect(answer.status).toBe(403)
    const preflight = await send('OPTIONS', '/v1/chat/completions', {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    })
    expect(preflight.status).toBeGreaterThanOrEqual(400)
    for (const { headers } of [answer, preflight]) expect(Object.keys(headers).filter((h) => h.startsWith('access-control'))).toEqual([])
  })
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'refuses a POST as "%s"',
    async (type) => {
      const answer = await send('POST', '/v1/chat/completions', type === '' ? {} : { 'content-type': type }, BODY)
      expect(answer.status).toBe(415)
    },
  )
  it('refuses a body over the limit, announced or not', async () => {
    const big = `{"model":"auto","messages":[{"role":"user","content":"${'x'.repeat(1_100_000)}"}]}`
    for (const length of [{ 'content-length': String(big.length) }, { 'transfer-encoding': 'chunked' }])
      expect((await send('POST', '/v1/chat/completions', { ...JSON_TYPE, ...length }, big)).status).toBe(413)
  })
  it.each([
    ['a foreign Host', 403, 'POST', '/v1/chat/completions', { ...JSON_TYPE, host: 'evil.example' }, BODY],
    ['a web page', 403, 'POST', '/v1/messages', { ...JSON_TYPE, origin: 'https://evil.example' }, BODY],
    ['the wrong method', 405, 'GET', '/v1/chat/completions', {}, ''],
    ['no such path', 404, 'POST', '/v1/audio/speech', JSON_TYPE, BODY],
    ['the wrong type', 415, 'POST', '/v1/responses', { 'content-type': 'text/plain' }, BODY],
    [
      'too long a body',
      413,
      'POST',
      '/v1beta/models/auto:generateContent',
      { ...JSON_TYPE, 'content-length': '2000000' },
      'x'.repeat(2_000_000),
    ],
    ['no JSON', 400, 'POST', '/v1/chat/completions', JSON_TYPE, '{'],
    ['an unknown model', 404, 'POST', '/v1/chat/completions', JSON_TYPE, BODY.replace('tiny', 'none')],
  ] as const)(
    'says of %s which call it was, why it was refused, and that it cost and saved nothing',
    async (_what, status, method, path, headers, body) => {
      const answer = await send(method, path, headers, body)
      expect(answer.status).toBe(status)
      expect(answer.headers).toMatchObject({
        'x-llmroute-call': expect.stringMatching(/^[0-9A-Z]{26}$/),
        'x-llmroute-model': 'none',
        'x-llmroute-profile': 'none',
        'x-llmroute-attempts': '0',
        'x-llmroute-reason': expect.stringMatching(/\w+ \w+/),
        'x-llmroute-cost-usd': '0',
        'x-llmroute-estimated-cost-usd': '0',
        'x-llmroute-savings-usd': '0',
        'x-llmroute-estimated-savings-usd': '0',
        'x-llmroute-latency-ms': expect.stringMatching(/^\d+$/),
      })
    },
  )
  it('keeps its own API behind the token', async () => {
    for (const path of ['/api/status', '/api/health', '/api/calls']) {
      expect((await send('GET', path)).status).toBe(401)
      expect((await send('GET', path, { authorization: 'Bearer wrong' })).status).toBe(401)
      expect((await send('GET', path, { authorization: `Bearer ${token}` })).status).toBe(200)
    }
    expect((await send('POST', '/api/stop', JSON_TYPE, '{}')).status).toBe(401)
    expect((await send('POST', '/api/stop', { authorization: `Bearer ${token}`, 'content-type': 'text/plain' }, '{}')).status).toBe(415)
  })
})

describe('clients’ habits', () => {
  it('answers an Upgrade with 426, so that Codex falls back to HTTP', async () => {
    const text = await new Promise<string>((resolve) => {
      const socket = connect(daemon.port, '127.0.0.1')
      socket.end('GET /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
      socket.on('data', (d) => resolve(d.toString()))
    })
    expect(text).toMatch(/^HTTP\/1.1 426 /)
  })
  it('answers HEAD / and HEAD /api/hello', async () => {
    expect((await send('HEAD', '/')).status).toBe(200)
    expect((await send('HEAD', '/api/hello')).status).toBe(200)
    expect((await send('GET', '/api/hello')).status).toBe(200)
  })
  it('names the closest models for an unknown one, in the format of the path', async () => {
    const body = JSON.stringify({ model: 'sandbox/tiney', messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 })
    const chat = await send('POST', '/v1/chat/completions', JSON_TYPE, body)
    expect(chat.status).toBe(404)
    expect(JSON.parse(chat.text).error.message).toContain('sandbox/tiny')
    expect(chat.headers['x-llmroute-call']).toBeDefined()
    const anthropic = await send('POST', '/v1/messages', JSON_TYPE, body)
    expect(JSON.parse(anthropic.text)).toMatchObject({ type: 'error', error: { type: 'not_found_error' } })
  })
  it('resolves aliases and lists every name', async () => {
    const answer = await send('POST', '/v1/chat/completions', JSON_TYPE, BODY.replace('sandbox/tiny', 'gpt-4o'))
    expect(answer.headers['x-llmroute-profile']).toBe('economy')
    const ids = (JSON.parse((await send('GET', '/v1/models')).text) as { data: { id: string }[] }).data.map((m) => m.id)
    expect(ids).toEqual(expect.arrayContaining(['auto', 'auto:quality', 'gpt-4o', 'sandbox/large']))
    expect((await send('GET', '/v1/models/sandbox%2Flarge')).status).toBe(200)
    expect((await send('GET', '/v1/models/sandbox/large')).status).toBe(200)
    expect((await send('GET', '/v1/models/nope')).status).toBe(404)
    expect(JSON.parse((await send('GET', '/v1beta/models')).text).models[0]).toMatchObject({ name: 'models/auto' })
  })
  it('says what is wrong with a body, naming the field', async () => {
    const answer = await send('POST', '/v1/chat/completions', JSON_TYPE, '{"model":"auto","messages":"hi"}')
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text).error.param).toContain('messages')
    expect((await send('POST', '/v1/chat/completions', JSON_TYPE, '{')).status).toBe(400)
    expect((await send('POST', '/v1/chat/completions', JSON_TYPE, '[]')).status).toBe(400)
    expect((await send('POST', '/v1/chat/completions', JSON_TYPE, '')).status).toBe(400)
  })
  it('tells paths and methods that do not exist', async () => {
    expect((await send('GET', '/v1/nothing')).status).toBe(404)
    expect((await send('GET', '/v1/chat/completions')).status).toBe(405)
    expect((await send('GET', '/../../etc/passwd')).status).toBe(404)
    expect((await send('GET', '/v1/models/..%2f..%2fetc')).status).toBe(404)
  })
})

it('keeps header values plain, whatever a name says', async () => {
  const answer = await send('POST', '/v1/chat/completions', { ...JSON_TYPE, 'x-llmroute-tags': 'a\tb, ünïcode' }, BODY)
  expect(answer.status).toBe(200)
  const { call } = await daemon.lastCall()
  expect(call.tags).toHaveLength(2)
  const injected = JSON.stringify({ model: 'x\r\nset-cookie: a=b', messages: [{ role: 'user', content: 'hi' }] })
  const refused = await send('POST', '/v1/chat/completions', JSON_TYPE, injected)
  expect(refused.status).toBe(404)
  expect(refused.headers['set-cookie']).toBeUndefined()
})

describe('a file of local keys that cannot be read', () => {
  it('lets nobody in until it is mended, though there were no keys before', async () => {
    const own = await runDaemon({ sandbox: true })
    expect((await own.post(BODY)).status).toBe(200)
    writeFileSync(localKeysPath(own.runtime.loaded()), '[{"name":')
    await vi.waitFor(async () => expect((await own.post(BODY)).status).toBe(500), { timeout: 5000 })
    for (let i = 0; i < 3; i++) expect((await own.post(BODY)).status).toBe(500)
    await own.end()
  })
})
