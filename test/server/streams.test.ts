import { createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let one: FakeProvider
let two: FakeProvider
let daemon: TestDaemon

beforeEach(async () => {
  one = await startFakeProvider()
  two = await startFakeProvider()
  daemon = await runDaemon(
    twoProviders(one.origin, two.origin, { timeouts: { connect: '500ms', firstByte: '1s', idle: '1s', total: '8s' } }),
  )
})
afterEach(async () => {
  await daemon.end()
  await one.close()
  await two.close()
})

const STREAM = { ...HELLO, stream: true }

function until(check: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const started = Date.now()
    const timer = setInterval(() => {
      if (check()) {
        clearInterval(timer)
        resolve()
      } else if (Date.now() - started > 10_000) {
        clearInterval(timer)
        reject(new Error('it did not happen'))
      }
    }, 5)
  })
}

describe('a relayed stream', () => {
  it('is recorded without words of the conversation where it says what was changed', async () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'read', arguments: '{}' } }
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: 'a private matter' }] },
    ]
    const response = await daemon.post({ ...STREAM, messages })
    await response.text()
    const { attempts } = daemon.call(response.headers.get('x-llmroute-call'))
    expect(attempts[0]?.splices).toContainEqual(expect.objectContaining({ kind: 'set', field: 'messages.2.content' }))
    expect(JSON.stringify(attempts)).not.toContain('private')
  })

  it('hides the usage chunk that the client did not ask for, and records the usage', async () => {
    const response = await daemon.post(STREAM)
    const text = await response.text()
    expect(text).not.toContain('"usage":{')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(one.posts[0]?.body.stream_options).toEqual({ include_usage: true })
    const { call, attempts } = daemon.call(response.headers.get('x-llmroute-call'))
    expect(call).toMatchObject({ status: 'ok', inputTokens: 20, outputTokens: 10 })
    expect(attempts[0]).toMatchObject({ usageSource: 'reported', costNano: 20 * 1000 + 10 * 4000 })
    expect(attempts[0]?.splices).toEqual([expect.objectContaining({ kind: 'include-usage' })])
  })

  it('passes on the bytes of a provider untouched when the client asks for usage itself', async () => {
    const direct = await fetch(`${one.origin}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ ...STREAM, stream_options: { include_usage: true } }),
    })
    const response = await daemon.post({ ...STREAM, model: 'one/a', stream_options: { include_usage: true } })
    expect(await response.text()).toBe(await direct.text())
  })

  it('sends the client’s own bytes but for the model’s name', async () => {
    const raw = '{ "model":"one/a",  "temperature": 1.0, "x_unknown": {"a" : 1e3}, "messages":[{"role":"user","content":"h\\u0069"}] }'
    await daemon.post(raw)
    expect(one.posts[0]?.raw.toString()).toBe(raw.replace('one/a', 'model-a'))
  })

  it('survives one byte at a time', async () => {
    one.behave(() => 'drip')
    const text = await (await daemon.post(STREAM)).text()
    expect(text).toContain('Grüße')
    expect(text).toContain('[DONE]')
    expect((await daemon.lastCall()).call).toMatchObject({ status: 'ok', outputTokens: 10 })
  })
})

it('a heading without end is passed on before it fills the memory', async () => {
  const heading = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] })}\n\n`
  const server = createServer(async (_, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let i = 0; i < 5000 && !res.destroyed; i++) await new Promise((resolve) => res.write(heading, resolve))
    res.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const silent = await runDaemon(twoProviders(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, two.origin))
  onTestFinished(() => silent.end())
  const left = new AbortController()
  expect((await silent.post({ ...STREAM, model: 'one/a' }, { signal: left.signal })).status).toBe(200)
  left.abort()
})

describe('a stream that breaks after the first byte', () => {
  it.each(['reset-mid', 'stall-mid', 'end-early'] as const)('%s ends with an error in the stream, and is priced', async (how) => {
    one.behave(() => how)
    const response = await daemon.post(STREAM)
    expect(response.status).toBe(200)
    const text = await response.text()
    const last = text.trimEnd().split('\n\n').at(-1) ?? ''
    expect(text).toContain('"error"')
    expect(last.startsWith('data: ')).toBe(true)
    expect(two.posts.length).toBe(0)
    const { call, attempts } = daemon.call(response.headers.get('x-llmroute-call'))
    expect(call).toMatchObject({ status: 'error', model: 'one/a' })
    expect(attempts[0]).toMatchObject({ outcome: 'cut', usageSource: 'estimated', billed: 'yes' })
    expect(attempts[0]?.costNano).toBeGreaterThan(0)
  })

  it.each(['/v1/chat/completions', '/v1/messages'])('is whole when it breaks after its finish, asked over %s', async (path) => {
    const chunks = [
      { delta: { role: 'assistant', content: 'All of it.' }, finish_reason: null },
      { delta: {}, finish_reason: 'stop' },
    ].map((choice) => `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }] })}\n\n`)
    const server = createServer((_, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      res.write(chunks.join(''))
      setTimeout(() => res.destroy(), 50)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const broken = await runDaemon(twoProviders(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, two.origin))
    onTestFinished(() => broken.end())
    const text = await (await broken.post({ ...STREAM, max_tokens: 9 }, { path })).text()
    expect(text).toContain('All of it.')
    expect(text).not.toContain('error')
    expect((await broken.lastCall()).call.status).toBe('ok')
  })

  it('is a failed response of the same number and count to a Responses client', async () => {
    one.behave(() => 'reset-mid')
    const response = await daemon.post({ model: 'auto', input: 'Hello there', stream: true }, { path: '/v1/responses' })
    const events = (await response.text())
      .trimEnd()
      .split('\n\n')
      .map(
        (event) => JSON.parse(event.slice(event.indexOf('\ndata: ') + 7)) as { type: string; sequence_number: number; response?: unknown },
      )
    expect(events.map((e) => e.sequence_number)).toEqual(events.map((_, i) => i))
    expect(events.slice(-2)).toMatchObject([{ type: 'error' }, { type: 'response.failed' }])
    expect(events.at(-1)?.response).toMatchObject({ ...(events[0]?.response as object), status: 'failed', error: { code: 'server_error' } })
  })

  it('passes an error event of the provider on and records it', async () => {
    one.behave(() => 'error-later')
    const response = await daemon.post(STREAM)
    expect(await response.text()).toContain('overloaded on purpose')
    expect(daemon.call(response.headers.get('x-llmroute-call')).call.status).toBe('error')
  })
})

describe('a client that goes away', () => {
  it.each([true, false])('ends the attempt at once and is recorded, stream %s', async (stream) => {
    one.behave(() => (stream ? 'stall-mid' : 'stall'))
    const leave = new AbortController()
    const response = daemon.post({ ...HELLO, stream }, { signal: leave.signal })
    response.catch(() => {})
    await until(() => one.posts.length === 1)
    if (stream) await (await response).body?.getReader().read()
    leave.abort()
    await until(() => one.posts[0]?.aborted === true)
    const { call, attempts } = await daemon.lastCall()
    expect(call).toMatchObject({ status: 'cancelled', httpStatus: 499 })
    expect(attempts).toHaveLength(1)
    expect(attempts[0]?.outcome).toBe('cancelled')
    expect(two.posts.length).toBe(0)
  })

  it.each([true, false])('pays for the prompt alone when it leaves before the first word, stream %s', async (stream) => {
    one.behave(() => 'stall')
    const leave = new AbortController()
    daemon.post({ ...HELLO, stream }, { signal: leave.signal }).catch(() => {})
    await until(() => one.posts.length === 1)
    leave.abort()
    const { call, attempts } = await daemon.lastCall()
    expect(attempts).toMatchObject([{ outcome: 'cancelled', billed: 'maybe', outputTokens: 0 }])
    expect(call.inputTokens).toBeGreaterThan(0)
    expect(call.costNano).toBe((call.inputTokens ?? 0) * 1000)
  })

  it('pays for what came, not for an answer that was never made', async () => {
    // The first words, then nothing, of an answer that could have had 30 000 tokens.
    one.behave(() => 'stall-mid')
    const leave = new AbortController()
    const response = await daemon.post({ ...STREAM, max_tokens: 30_000 }, { signal: leave.signal })
    await response.body?.getReader().read()
    leave.abort()
    const { call, attempts } = await daemon.lastCall()
    expect(attempts).toMatchObject([{ outcome: 'cancelled', usageSource: 'estimated', billed: 'yes' }])
    expect(call.costNano).toBe((call.inputTokens ?? 0) * 1000 + (call.outputTokens ?? 0) * 4000)
    expect(call.inputTokens).toBeGreaterThan(0)
    expect(call.outputTokens).toBeGreaterThan(0)
    expect(call.outputTokens).toBeLessThan(20)
  })

  it('gets no other model when it leaves between two attempts', async () => {
    one.behave(() => ({ status: 408 }))
    two.behave(() => 'stall-mid')
    const leave = new AbortController()
    daemon.post({ ...HELLO, stream: true }, { signal: leave.signal }).catch(() => {})
    await until(() => one.posts.length === 1)
    // Into the pause before the same model would be asked again.
    await new Promise((resolve) => setTimeout(resolve, 30))
    leave.abort()
    expect((await daemon.lastCall()).call).toMatchObject({ status: 'cancelled', httpStatus: 499 })
    expect(two.posts.length).toBe(0)
    expect(daemon.runtime.router.inFlight).toBe(0)
  })

  it('does not start another attempt', async () => {
    one.behave(() => ({ status: 429, headers: { 'retry-after-ms': '2000' } }))
    two.behave(() => ({ status: 429, headers: { 'retry-after-ms': '2000' } }))
    const leave = new AbortController()
    daemon.post(HELLO, { signal: leave.signal }).catch(() => {})
    await until(() => two.posts.length === 1)
    leave.abort()
    const { call } = await daemon.lastCall()
    expect(call.status).toBe('cancelled')
    expect(one.posts.length + two.posts.length).toBe(2)
  })
})

it('holds the provider back while the client does not read', async () => {
  // 64 MB: far more than the sockets' buffers on the way.
  one.behave(() => ({ pieces: 64_000, bytes: 1000 }))
  const body = JSON.stringify(STREAM)
  const url = new URL('/v1/chat/completions', daemon.url)
  const sent = await new Promise<number>((resolve, reject) => {
    const req = request(url, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': body.length } }, (res) => {
      res.pause()
      let before = -1
      const timer = setInterval(() => {
        const now = one.posts[0]?.sent ?? 0
        if (now > 0 && now === before) {
          clearInterval(timer)
          resolve(now)
          req.destroy()
        }
        before = now
      }, 200)
    })
    req.on('error', reject)
    req.end(body)
  })
  expect(sent).toBeLessThan(32_000_000)
  expect((await daemon.lastCall()).call.status).toBe('cancelled')
})

/** A daemon whose first provider streams in a way of its own. */
async function streaming(write: (res: ServerResponse) => void): Promise<TestDaemon> {
  const provider = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    write(res)
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void provider.close())
  const other = await runDaemon(twoProviders(`http://127.0.0.1:${(provider.address() as AddressInfo).port}`, two.origin))
  onTestFinished(() => other.end())
  return other
}

it('closes the connection of a provider that goes on with comments after the end of its answer', async () => {
  let closed = false
  const other = await streaming((res) => {
    const choices = [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }]
    res.write(`data: ${JSON.stringify({ id: 'x', model: 'm', choices })}\n\ndata: [DONE]\n\n`)
    const comments = setInterval(() => res.write(': still here\n\n'), 50)
    res.on('close', () => {
      closed = true
      clearInterval(comments)
    })
  })
  expect(await (await other.post(STREAM)).text()).toContain('[DONE]')
  await until(() => closed)
  expect((await other.lastCall()).attempts).toMatchObject([{ outcome: 'ok' }])
})

it('what comes in the same packet as an error, which another model makes good, is not the answer’s', async () => {
  const other = await streaming((res) => {
    res.socket?.cork()
    res.write('data: {"error":{"message":"overloaded","code":503}}\n\n')
    res.write(': goodbye\n\n')
    res.end()
    res.socket?.uncork()
  })
  const response = await other.post(STREAM)
  expect(response.headers.get('x-llmroute-model')).toBe('two/b')
  expect(await response.text()).not.toMatch(/goodbye|error/)
  expect((await other.lastCall()).attempts).toMatchObject([{ outcome: 'error' }, { outcome: 'ok' }])
})
