import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANSWER, type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let one: FakeProvider
let two: FakeProvider
let daemon: TestDaemon

beforeEach(async () => {
  one = await startFakeProvider()
  two = await startFakeProvider()
  daemon = await runDaemon(twoProviders(one.origin, two.origin))
})
afterEach(async () => {
  await daemon.end()
  await one.close()
  await two.close()
})

const says = (status: number, body: unknown) => ({ status, body: JSON.stringify(body), type: 'application/json' })

describe('a provider’s own way to say no', () => {
  it.each([
    ['a model that it lacks (DeepSeek)', says(400, { error: { message: 'Model Not Exist', type: 'invalid_request_error' } })],
    ['an empty account (Z.ai)', says(429, { error: { code: '1113', message: 'Insufficient balance or no resource package.' } })],
    [
      'an empty account in a 200 (MiniMax)',
      says(200, { choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }),
    ],
    ['a wrong key (xAI)', says(400, { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: x' })],
  ])('lets another serve, and is not asked again at once: %s', async (_name, how) => {
    one.behave(() => how)
    for (const posts of [1, 1]) {
      const response = await daemon.post(HELLO)
      expect(response.status).toBe(200)
      expect(response.headers.get('x-llmroute-model')).toBe('two/b')
      expect(one.posts.length).toBe(posts)
    }
  })

  it('lets a model with more room serve, and says nothing of the one that has less', async () => {
    one.behave(() =>
      says(400, { error: { message: "This model's maximum context length is 8192 tokens.", type: 'invalid_request_error' } }),
    )
    for (const posts of [1, 2]) {
      expect((await daemon.post(HELLO)).headers.get('x-llmroute-model')).toBe('two/b')
      expect(one.posts.length).toBe(posts)
    }
    two.behave(() => says(400, { error: { message: 'Your request exceeded model token limit: 9000', type: 'invalid_request_error' } }))
    const body = { model: 'auto', max_tokens: 9, messages: HELLO.messages }
    const response = await daemon.post(body, { path: '/v1/messages' })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringMatching(/prompt is too long: /) },
    })
  })
})

/** The text of a streamed message. */
function wordsOf(stream: string): string {
  const events = stream.split('\n').filter((line) => line.startsWith('data: '))
  return events.map((line) => (JSON.parse(line.slice(6)) as { delta?: { text?: string } }).delta?.text ?? '').join('')
}

describe('an answer that the provider broke off', () => {
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const text = `${chunk({ role: 'assistant', content: 'Half' }, null)}${chunk({ content: '' }, 'insufficient_system_resource')}data: [DONE]\n\n`
  const whole = {
    choices: [{ index: 0, message: { role: 'assistant', content: 'Half' }, finish_reason: 'insufficient_system_resource' }],
  }

  it.each([
    ['streamed', true, { status: 200, body: text, type: 'text/event-stream' }],
    ['whole', false, says(200, whole)],
  ])('is not passed for a whole one to clients of another format: %s', async (_name, stream, how) => {
    one.behave(() => how)
    const body = { model: 'auto', max_tokens: 9, messages: HELLO.messages, stream }
    const response = await daemon.post(body, { path: '/v1/messages' })
    expect(response.headers.get('x-llmroute-model')).toBe('two/b')
    const answer = await response.text()
    expect(answer).not.toContain('Half')
    expect(stream ? wordsOf(answer) : JSON.parse(answer).content[0].text).toBe(ANSWER)
  })
})

describe('a schema for models that cannot be held to one', () => {
  const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'], additionalProperties: false }
  const asks = [
    ['chat', '/v1/chat/completions', { response_format: { type: 'json_schema', json_schema: { name: 'title', strict: true, schema } } }],
    ['Anthropic', '/v1/messages', { max_tokens: 99, output_config: { format: { type: 'json_schema', schema } } }],
  ] as const

  it.each(asks)('is said in words where there is no other: a client of %s', async (_name, path, asked) => {
    const words = await runDaemon({
      providers: { a: { baseURL: `${one.origin}/v1` } },
      models: [{ id: 'a/m', price: { input: 1, output: 1 }, accepts: { needs: ['tools', 'json'] } }],
    })
    const response = await words.post({ model: 'auto', messages: HELLO.messages, ...asked }, { path })
    expect(response.status).toBe(200)
    const sent = one.posts.at(-1)!.body
    expect(sent.response_format).toEqual({ type: 'json_object' })
    const last = JSON.stringify((sent.messages as readonly { content: unknown }[]).at(-1)!.content)
    expect(last).toContain('JSON schema')
    expect(last).toContain(JSON.stringify(JSON.stringify(schema)).slice(1, -1))
    expect((await words.lastCall()).attempts[0]!.losses).toContainEqual(
      expect.objectContaining({ field: 'response_format', matters: true }),
    )
    await words.end()
  })
})
