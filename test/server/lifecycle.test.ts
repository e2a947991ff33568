import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../../src/config/index.js'
import { readDaemonFile } from '../../src/control/index.js'
import type { Router, Setup } from '../../src/route/index.js'
import { buildRuntime } from '../../src/server/index.js'
import { startTunnel } from '../../src/server/start-tunnel.js'
import { runCli } from '../cli/run-cli.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let daemon: TestDaemon | null = null
let provider: FakeProvider | null = null

afterEach(async () => {
  await daemon?.end()
  await provider?.close()
  daemon = null
  provider = null
})

describe('a daemon that stops', () => {
  it('lets a stream finish, takes no new call, and leaves no file', async () => {
    provider = await startFakeProvider()
    daemon = await runDaemon(twoProviders(provider.origin, provider.origin))
    provider.behave(() => ({ pauseMs: 500 }))
    const response = await daemon.post({ ...HELLO, stream: true })
    const stopping = daemon.stop()
    expect(await response.text()).toContain('[DONE]')
    await stopping
    await expect(daemon.post(HELLO)).rejects.toThrow()
    expect(readDaemonFile(join(daemon.folder, 'ledger.db'))).toBeNull()
  })

  it('cuts what lasts longer than it may, and writes that down', async () => {
    provider = await startFakeProvider()
    daemon = await runDaemon({ ...twoProviders(provider.origin, provider.origin), server: { drain: '100ms' } })
    provider.behave(() => 'stall-mid')
    const responses = await Promise.all(Array.from({ length: 5 }, () => daemon?.post({ ...HELLO, stream: true })))
    await daemon.stop()
    for (const response of responses) await response?.text().catch(() => '')
    expect(daemon.errors).toEqual([])
    await daemon.restart()
    expect(daemon.runtime.interrupted).toEqual([])
    const calls = daemon.ledger.listCalls({})
    expect(calls.map((c) => c.status)).toEqual(Array(5).fill('cancelled'))
    expect(calls.every((c) => (c.costNano ?? 0) > 0)).toBe(true)
  })

  it('can be told so over its API', async () => {
    daemon = await runDaemon({ sandbox: true })
    const token = readDaemonFile(join(daemon.folder, 'ledger.db'))?.token
    const answer = await daemon.post({}, { path: '/api/stop', headers: { authorization: `Bearer ${token}` } })
    expect(await answer.json()).toEqual({ ok: true })
    await daemon.stopped
  })

  it('closes everything else where something fails to close, and says so', async () => {
    daemon = await runDaemon({ sandbox: true })
    await (await daemon.post(HELLO)).text()
    const failure = new Error('the runner does not stop')
    daemon.runtime.batches.stop = () => Promise.reject(failure)
    await daemon.stop()
    expect(daemon.errors).toEqual([failure])
    // The last connection takes the file of the WAL along.
    const ledger = join(daemon.folder, 'ledger.db')
    expect([readDaemonFile(ledger), existsSync(`${ledger}-wal`)]).toEqual([null, false])
    await expect(daemon.post(HELLO)).rejects.toThrow()
  })

  it('throws what failed to close where a command serves its own calls', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'llmroute-close-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const loaded = await loadConfig({ cwd: folder, env: { LLMROUTE_CONFIG_DIR: folder }, overrides: { sandbox: true } })
    const runtime = await buildRuntime(loaded, { db: join(folder, 'l.db'), env: {}, appVersion: 'test' })
    runtime.batches.stop = () => Promise.reject(new Error('the runner does not stop'))
    await expect(runtime.close()).rejects.toThrow('the runner does not stop')
    expect(existsSync(join(folder, 'l.db-wal'))).toBe(false)
  })
})

describe('a configuration that changes', () => {
  it('is taken for calls from then on, or refused with the last good one kept', async () => {
    const config: Record<string, unknown> = { sandbox: true, default: 'economy' }
    daemon = await runDaemon(config)
    const profile = async () => (await daemon?.post(HELLO))?.headers.get('x-llmroute-profile')
    expect(await profile()).toBe('economy')
    config.default = 'quality'
    expect(await daemon.reload()).toBeNull()
    expect(await profile()).toBe('quality')
    config.default = 'no-such-profile'
    expect(await daemon.reload()).toContain('no-such-profile')
    expect(await profile()).toBe('quality')
  })

  it('asks models again whose key or address it may have mended, and takes their new limits', async () => {
    provider = await startFakeProvider()
    const config = twoProviders(provider.origin, provider.origin, { models: ['one/a'] })
    daemon = await runDaemon(config)
    provider.behave(() => ({ status: 401 }))
    expect((await daemon.post(HELLO)).status).toBe(502)
    expect(daemon.runtime.health.read('one/a', Date.now()).breaker).toBe('open')
    provider.behave(() => 'ok')
    Object.assign(config.models[0] ?? {}, { limits: { rpm: 10 } })
    expect(await daemon.reload()).toBeNull()
    expect((await daemon.post(HELLO)).status).toBe(200)
    // The refused call was a request of this minute, too.
    expect(daemon.runtime.health.read('one/a', Date.now()).quotaLeft).toBeCloseTo(0.8)
  })

  it('is the newest one where several come at once, whichever takes longest to load', async () => {
    const config: Record<string, unknown> = { sandbox: true }
    daemon = await runDaemon(config)
    const given = ['economy', 'fast', 'quality'].map((profile) => {
      config.default = profile
      return daemon?.reload()
    })
    expect(await Promise.all(given)).toEqual([null, null, null])
    expect((await daemon.post(HELLO)).headers.get('x-llmroute-profile')).toBe('quality')
  })

  it('keeps a call under way on the policy it started with', async () => {
    provider = await startFakeProvider()
    const config: Record<string, unknown> = twoProviders(provider.origin, provider.origin)
    daemon = await runDaemon(config)
    provider.behave(() => ({ delayMs: 300 }))
    const open = daemon.post(HELLO)
    while (provider.posts.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    Object.assign(config, { default: 'economy' })
    expect(await daemon.reload()).toBeNull()
    const response = await open
    expect(response.status).toBe(200)
    expect(daemon.call(response.headers.get('x-llmroute-call')).call.profile).toBe('test')
  })
})

describe('what a daemon learned and knows', () => {
  it('is there again after a restart', async () => {
    const config = { sandbox: true }
    daemon = await runDaemon(config)
    const session = { 'x-llmroute-session': 'kept' }
    await daemon.post(HELLO, { headers: session })
    await daemon.restart()
    await daemon.post(
      { ...HELLO, messages: [...HELLO.messages, { role: 'assistant', content: 'Hi.' }, { role: 'user', content: 'Go on.' }] },
      { headers: session },
    )
    expect((await daemon.lastCall()).call).toMatchObject({ session: 'kept', turn: 2 })
  })

  it('takes feedback for a call', async () => {
    daemon = await runDaemon({ sandbox: true })
    const id = (await daemon.post(HELLO)).headers.get('x-llmroute-call')
    const token = readDaemonFile(join(daemon.folder, 'ledger.db'))?.token
    const send = (body: unknown) => daemon?.post(body, { path: '/api/feedback', headers: { authorization: `Bearer ${token}` } })
    expect((await send({ call: id, verdict: 'good', note: 'fine' }))?.status).toBe(200)
    expect((await send({ call: 'nope', verdict: 'good' }))?.status).toBe(404)
    expect((await send({ call: id, verdict: 'splendid' }))?.status).toBe(400)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    expect((await fetch(`${daemon.url}/api/feedback`, { method: 'POST', headers, body: '{"call"' })).status).toBe(400)
    expect(daemon.call(id).outcomes).toMatchObject([{ kind: 'feedback', value: 1, note: 'fine' }])
  })

  it('is counted for Prometheus', async () => {
    daemon = await runDaemon({ sandbox: true })
    await daemon.post({ ...HELLO, model: 'sandbox/tiny' })
    const text = await (await fetch(`${daemon.url}/metrics`)).text()
    expect(text).toContain('llmroute_calls_total{model="sandbox/tiny",profile="balanced",status="ok"} 1')
    expect(text).toMatch(/llmroute_call_seconds_bucket\{model="sandbox\/tiny",profile="balanced",status="ok",le="\+Inf"\} 1/)
    expect(text).toMatch(/llmroute_first_token_seconds_count\{model="sandbox\/tiny",profile="balanced",status="ok"\} 1/)
    expect(text).toMatch(/llmroute_tokens_total\{model="sandbox\/tiny",profile="balanced",outcome="ok",kind="output"\} \d/)
    expect(text).toMatch(/llmroute_cost_usd_total\{model="sandbox\/tiny",profile="balanced",status="ok"\} \d/)
    expect(text).toContain('llmroute_ledger_waiting 0')
    expect(text).toContain('llmroute_breaker_state{model="sandbox/tiny"} 0')
  })
})

describe('keys', () => {
  it('asks for the configured one, in any place where clients put it', async () => {
    daemon = await runDaemon({ sandbox: true, server: { key: 'a-local-key' } })
    expect((await daemon.post(HELLO)).status).toBe(401)
    expect((await daemon.post(HELLO, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    for (const headers of [{ authorization: 'Bearer a-local-key' }, { 'x-api-key': 'a-local-key' }, { 'x-goog-api-key': 'a-local-key' }]) {
      expect((await daemon.post(HELLO, { headers })).status).toBe(200)
    }
  })

  it('never passes the client’s credential on, nor writes ours down', async () => {
    provider = await startFakeProvider()
    daemon = await runDaemon(twoProviders(provider.origin, provider.origin))
    await daemon.post(HELLO, { headers: { authorization: 'Bearer client-secret', cookie: 'a=b', 'x-custom': 'c' } })
    const [post] = provider.posts
    expect(post?.headers.authorization).toMatch(/^Bearer sk-(one|two)$/)
    expect(JSON.stringify(post?.headers)).not.toMatch(/client-secret|x-custom|cookie/)
    await daemon.ledger.flush()
    const { call } = await daemon.lastCall()
    expect(JSON.stringify([daemon.call(call.id), [...daemon.ledger.policies()], [...daemon.ledger.modelRevs()]])).not.toMatch(
      /sk-one|sk-two/,
    )
  })

  it('passes the client’s credential to a provider that is configured so, and to no other', async () => {
    provider = await startFakeProvider()
    const config = twoProviders(provider.origin, provider.origin)
    daemon = await runDaemon({
      ...config,
      providers: { ...config.providers, one: { baseURL: `${provider.origin}/v1`, auth: 'passthrough' } },
    })
    provider.behave((n) => (n === 1 ? { status: 500 } : 'ok'))
    await daemon.post(HELLO, { headers: { authorization: 'Bearer mine' } })
    expect(provider.posts.map((p) => p.headers.authorization)).toEqual(['Bearer mine', 'Bearer sk-two'])
  })

  it('leaves a model to others where one client’s credential is refused, missing or of another format', async () => {
    provider = await startFakeProvider()
    const config = twoProviders(provider.origin, provider.origin)
    daemon = await runDaemon({
      ...config,
      providers: { ...config.providers, one: { baseURL: `${provider.origin}/v1`, auth: 'passthrough' } },
    })
    const body = { ...HELLO, model: 'one/a' }
    const mine = { headers: { authorization: 'Bearer mine' } }
    provider.behave((n) => (n === 1 ? { status: 401 } : 'ok'))
    expect((await daemon.post(body, mine)).status).toBe(401)
    const missing = await daemon.post(body)
    expect([missing.status, missing.headers.get('x-should-retry')]).toEqual([401, 'false'])
    const messages = { path: '/v1/messages', headers: { 'x-api-key': 'mine' } }
    expect((await daemon.post({ ...body, max_tokens: 9 }, messages)).status).toBe(403)
    const served = await daemon.post(body, mine)
    expect([served.status, served.headers.get('x-llmroute-cost-notional')]).toEqual([200, 'true'])
    expect(provider.posts).toHaveLength(2)
  })

  it('shows what a client’s own credential pays for as notional, also after the provider is given a key', async () => {
    provider = await startFakeProvider()
    const config = twoProviders(provider.origin, provider.origin)
    const one = { baseURL: `${provider.origin}/v1`, auth: 'passthrough' }
    const settings: Record<string, unknown> = { ...config, providers: { ...config.providers, one } }
    daemon = await runDaemon(settings)
    const mine = { headers: { authorization: 'Bearer mine' } }
    await daemon.post({ ...HELLO, model: 'one/a' }, mine)
    await daemon.post({ ...HELLO, model: 'two/b' }, mine)
    const { folder } = daemon
    const shown = async (...args: string[]): Promise<string> =>
      (await runCli([...args, '--db', join(folder, 'ledger.db')], { env: { LLMROUTE_CONFIG_DIR: folder } })).out
    const notional = async (): Promise<unknown> =>
      (JSON.parse(await shown('log', '--json')) as { model: string; costNotional: boolean }[]).map((c) => [c.model, c.costNotional])
    expect(await notional()).toEqual([
      ['two/b', false],
      ['one/a', true],
    ])
    const [, first] = JSON.parse(await shown('log', '--json')) as { id: string; costUsd: number }[]
    expect(first?.costUsd).toBeGreaterThan(0)
    expect(await shown('log')).toMatch(/one\/a .*\$0\.\d+ notional/)
    expect(await shown('log', first?.id ?? '')).toMatch(/notional: the client’s own credential pays/)
    expect(await shown('explain', first?.id ?? '')).toMatch(/Notional +the cost of one\/a: the client’s own credential pays/)
    const why = JSON.parse(await shown('explain', first?.id ?? '', '--json')) as Record<string, unknown>
    expect(why).toMatchObject({
      call: { costNotional: true },
      candidates: expect.arrayContaining([expect.objectContaining({ model: 'one/a', costNotional: true })]),
    })
    Object.assign(settings, config)
    await daemon.reload()
    await daemon.post({ ...HELLO, model: 'one/a' })
    expect(await notional()).toEqual([
      ['one/a', false],
      ['two/b', false],
      ['one/a', true],
    ])
  })
})

describe('a tunnel', () => {
  const TOKEN = 'token-of-the-tunnel-0123456789'

  it('lets inference in from outside with its own token, and nothing else', async () => {
    daemon = await runDaemon({ sandbox: true, tunnel: { command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'], token: TOKEN } })
    const port = daemon.tunnel?.port
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    const post = (h: Record<string, string>) =>
      fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: 'POST', headers: h, body: JSON.stringify(HELLO) })
    expect((await post(headers)).status).toBe(200)
    expect((await post({ 'content-type': 'application/json' })).status).toBe(401)
    expect((await daemon.lastCall()).call.key).toBe('tunnel')
    for (const path of ['/api/status', '/metrics', '/health', '/']) {
      expect((await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status, path).toBe(404)
    }
    let last = 200
    for (let i = 0; i < 200 && last === 200; i++) last = (await fetch(`http://127.0.0.1:${port}/v1/models`, { headers })).status
    expect(last).toBe(429)
  })

  it('takes calls under the public name, as its program passes them on', async () => {
    daemon = await runDaemon({ sandbox: true, tunnel: { command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'], token: TOKEN } })
    const get = (port: number | undefined, token: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { host: 'quiet-hill-42.trycloudflare.com', 'x-forwarded-for': '203.0.113.7', authorization: `Bearer ${token}` }
        const req = request({ port, host: '127.0.0.1', path: '/v1/models', headers }, (res) => {
          res.resume()
          resolve(res.statusCode)
        })
        req.on('error', reject).end()
      })
    expect(await get(daemon.tunnel?.port, TOKEN)).toBe(200)
    expect(await get(daemon.tunnel?.port, 'guessed-by-somebody-0123')).toBe(401)
    // The other way in is not for names from outside, whatever they bring along.
    expect(await get(daemon.port, TOKEN)).toBe(403)
  })

  it.skipIf(process.platform === 'win32')('leaves the daemon’s port free again, though its program lives on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'llmroute-tunnel-'))
    const note = join(folder, 'pid')
    const program = `process.on('SIGTERM', () => {}); require('node:fs').writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)`
    daemon = await runDaemon({ sandbox: true, tunnel: { command: [process.execPath, '-e', program, note], token: TOKEN } })
    await expect.poll(() => existsSync(note) && readFileSync(note, 'utf8') !== '', { timeout: 20_000 }).toBe(true)
    const pid = Number(readFileSync(note, 'utf8'))
    const { port } = daemon
    try {
      await daemon.end()
      expect(process.kill(pid, 0)).toBe(true)
      daemon = await runDaemon({ sandbox: true }, port)
      expect((await daemon.post(HELLO)).status).toBe(200)
    } finally {
      process.kill(pid, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('gives its program the environment without the keys of providers', async () => {
    const program =
      "const e = process.env; console.log('https://' + (e.OPENAI_API_KEY ?? 'no-key') + '.' + e.TUNNEL_TOKEN + '.example.com')"
    const tunnel = await startTunnel({
      settings: { command: [process.execPath, '-e', program], token: TOKEN },
      env: { PATH: process.env.PATH, OPENAI_API_KEY: 'sk-secret', TUNNEL_TOKEN: 'own' },
      router: {} as Router,
      setup: () => ({}) as Setup,
      maxBody: 1000,
      report: () => {},
    })
    await expect.poll(() => tunnel.url()).toBe('https://no-key.own.example.com')
    await tunnel.close()
  })

  it('wants a token that cannot be guessed', async () => {
    await expect(runDaemon({ sandbox: true, tunnel: { command: ['true'], token: 'short' } })).rejects.toMatchObject({ code: 'E_CONFIG' })
  })
})

it('says who holds the port', async () => {
  daemon = await runDaemon({ sandbox: true })
  const other = runDaemon({ sandbox: true }, daemon.port)
  await expect(other).rejects.toMatchObject({ code: 'E_CONFIG', message: `port ${daemon.port} on 127.0.0.1 is taken` })
})

it('needs a key to be reached from other machines', async () => {
  await expect(runDaemon({ sandbox: true }, 0, '0.0.0.0')).rejects.toMatchObject({ code: 'E_CONFIG' })
})

it('shows its models and what they cost to nobody without the key, where others can reach it', async () => {
  daemon = await runDaemon({ sandbox: true, server: { key: 'a-local-key' } }, 0, '0.0.0.0')
  const get = (path: string, headers = {}) => fetch(`http://127.0.0.1:${daemon?.port}${path}`, { headers })
  const key = { authorization: 'Bearer a-local-key' }
  expect((await get('/metrics')).status).toBe(401)
  expect((await get('/metrics', key)).status).toBe(200)
  expect(await (await get('/health')).json()).toEqual({ status: 'ok' })
  expect(await (await get('/health', key)).json()).toMatchObject({ status: 'ok', models: expect.any(Array) })
})

it('reads what it is told to from a file of the user', async () => {
  daemon = await runDaemon({ sandbox: true })
  writeFileSync(join(daemon.folder, 'router.config.json'), JSON.stringify({ default: 'fast' }))
  expect(await daemon.reload()).toBeNull()
  expect((await daemon.post(HELLO)).headers.get('x-llmroute-profile')).toBe('fast')
})
