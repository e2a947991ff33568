import OpenAI from 'openai'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runDaemon, type TestDaemon } from './run-daemon.js'

let daemon: TestDaemon
let client: OpenAI

beforeAll(async () => {
  daemon = await runDaemon({ sandbox: true })
  client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any', maxRetries: 0 })
})
afterAll(() => daemon.end())

it('routes embeddings to the embedding models of the pool, and records them', async () => {
  const { data, usage } = await client.embeddings.create({ model: 'auto', input: ['one', 'two'] })
  expect(data).toHaveLength(2)
  expect(data[0]?.embedding.length).toBeGreaterThan(8)
  expect(usage.prompt_tokens).toBeGreaterThan(0)
  const { call } = await daemon.lastCall()
  expect(call).toMatchObject({ status: 'ok', model: 'sandbox/embed', outputTokens: 0 })
  expect(call.costNano).toBeGreaterThan(0)
  // The pool has no dearer embedding model to compare with.
  expect(call).toMatchObject({ baseline: 'sandbox/embed', baselineCostNano: call.costNano })
  const { headers } = await daemon.post({ model: 'auto', input: 'hi' }, { path: '/v1/embeddings' })
  expect([headers.get('x-llmroute-savings-usd'), headers.get('x-llmroute-estimated-savings-usd')]).toEqual(['0', '0'])
  await expect(client.embeddings.create({ model: 'sandbox/large', input: 'x' })).rejects.toMatchObject({ status: 400 })
})

it('keeps embeddings out of the conversation that they are asked for beside', async () => {
  const headers = { 'x-llmroute-session': 'one-session' }
  const ask = async () =>
    (await daemon.post({ model: 'auto', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }, { headers })).headers
  await ask()
  const vectors = await daemon.post({ model: 'auto', input: 'hi' }, { path: '/v1/embeddings', headers })
  expect(vectors.headers.get('x-llmroute-reason')).toMatch(/^embedding: only able model/)
  expect(vectors.headers.get('x-llmroute-reason')).not.toContain('switched')
  // Nor is a prompt of a few tokens in any provider's cache.
  expect((await ask()).get('x-llmroute-reason')).not.toMatch(/switched|warm/)
  expect((await daemon.lastCall()).call).toMatchObject({ turn: 2 })
})

it('answers legacy completions in their own shape, streaming and not', async () => {
  const whole = await client.completions.create({ model: 'auto', prompt: 'Once upon a time' })
  expect(whole.object).toBe('text_completion')
  expect(whole.choices[0]?.text).toContain('simulated')
  const stream = await client.completions.create({ model: 'auto', prompt: 'Once upon a time', stream: true })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.text ?? ''
  expect(text).toBe(whole.choices[0]?.text)
})

it('counts tokens without sending anything', async () => {
  const before = daemon.ledger.counts().calls
  const body = { model: 'auto', max_tokens: 10, messages: [{ role: 'user', content: 'How many tokens is this, please?' }] }
  const anthropic = await daemon.post(body, { path: '/v1/messages/count_tokens' })
  expect(await anthropic.json()).toEqual({ input_tokens: expect.any(Number) })
  const gemini = await daemon.post(
    { contents: [{ role: 'user', parts: [{ text: 'How many tokens is this, please?' }] }] },
    { path: '/v1beta/models/auto:countTokens' },
  )
  expect(await gemini.json()).toMatchObject({ totalTokens: expect.any(Number) })
  const responses = await client.responses.inputTokens.count({ model: 'auto', input: 'How many tokens is this, please?' })
  expect(responses).toEqual({ object: 'response.input_tokens', input_tokens: expect.any(Number) })
  expect(daemon.ledger.counts().calls).toBe(before)
})

it('serves every client format from the sandbox, whose own is another', async () => {
  const text = 'Say something about the sea.'
  const responses = await (await daemon.post({ model: 'auto', input: text }, { path: '/v1/responses' })).json()
  expect(responses).toMatchObject({ object: 'response', status: 'completed' })
  const messages = await (
    await daemon.post({ model: 'auto', max_tokens: 300, messages: [{ role: 'user', content: text }] }, { path: '/v1/messages' })
  ).json()
  expect(messages).toMatchObject({ type: 'message', role: 'assistant' })
  const contents = [{ role: 'user', parts: [{ text }] }]
  const gemini = await (await daemon.post({ contents }, { path: '/v1beta/models/auto:generateContent' })).json()
  expect(gemini).toMatchObject({ candidates: [{ content: { role: 'model' } }] })
  const array = await (await daemon.post({ contents }, { path: '/v1beta/models/auto:streamGenerateContent' })).json()
  expect(Array.isArray(array)).toBe(true)
  const sse = await (await daemon.post({ contents }, { path: '/v1beta/models/auto:streamGenerateContent?alt=sse' })).text()
  expect(sse.startsWith('data: ')).toBe(true)
})

it('adds what it knows to an answer when asked', async () => {
  const headers = { 'x-llmroute-include': 'metadata', 'x-llmroute-tags': 'a,b', 'x-llmroute-session': 's1', 'x-llmroute-profile': 'fast' }
  const body = { model: 'auto', messages: [{ role: 'user', content: 'hi' }] }
  const whole = (await (await daemon.post(body, { headers })).json()) as { llmroute: Record<string, unknown> }
  expect(whole.llmroute).toMatchObject({ profile: 'fast', attempts: 1, costUsd: expect.any(Number) })
  const stream = await (await daemon.post({ ...body, stream: true }, { headers })).text()
  expect(stream).toMatch(/^: llmroute \{/m)
  const { call } = await daemon.lastCall()
  expect(call).toMatchObject({ session: 's1', tags: ['a', 'b'], profile: 'fast' })
})

it('keeps metadata only when told not to store', async () => {
  await daemon.post(
    { model: 'auto', messages: [{ role: 'user', content: 'a private matter' }] },
    { headers: { 'x-llmroute-store': 'none' } },
  )
  const { call } = await daemon.lastCall()
  await daemon.ledger.flush()
  expect(daemon.ledger.bodiesOf(call.id)).toBeNull()
})

it.each([
  ['/v1/models/sandbox/lage', {}, { error: { message: expect.stringContaining('"sandbox/large"'), code: 'model_not_found' } }],
  [
    '/v1/models/sandbox/lage',
    { 'anthropic-version': '2023-06-01' },
    { type: 'error', error: { type: 'not_found_error', message: expect.stringContaining('"sandbox/large"') } },
  ],
  ['/v1beta/models/sandbox/lage', {}, { error: { code: 404, status: 'NOT_FOUND', message: expect.stringContaining('"sandbox/large"') } }],
])('names the closest models where %s %j is asked for one that is not there', async (path, headers, body) => {
  const response = await fetch(`${daemon.url}${path}`, { headers })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject(body)
})

it('says which method a path takes, and which methods a Gemini model has', async () => {
  const wrong = await fetch(`${daemon.url}/v1/chat/completions`)
  expect({ status: wrong.status, allow: wrong.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' })
  const unknown = await daemon.post({}, { path: '/v1beta/models/auto:embedContent' })
  expect(unknown.status).toBe(404)
  expect(await unknown.json()).toMatchObject({ error: { status: 'NOT_FOUND', message: expect.stringContaining(':generateContent') } })
})
