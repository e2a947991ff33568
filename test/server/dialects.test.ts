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
    [
      'a name that its list lacks (LiteLLM)',
      says(400, {
        error: { message: '/chat/completions: Invalid model name passed in model=x.', type: 'invalid_request_error', code: '400' },
      }),
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

describe('a model that cannot do what is asked', () => {
  it.each([
    [
      'two messages of the user (Gemma at vLLM)',
      says(400, {
        error: { message: 'Conversation roles must alternate user/assistant/user/assistant/...', type: 'BadRequestError', code: 400 },
      }),
    ],
    [
      'instructions (Gemma 2 at llama.cpp)',
      says(500, { error: { message: 'Jinja Exception: System role not supported', type: 'server_error', code: 500 } }),
    ],
    ['tools (Ollama)', says(400, { error: { message: 'registry.ollama.ai/library/gemma:2b does not support tools', type: 'api_error' } })],
    ['tools (OpenRouter)', says(404, { error: { code: 404, message: 'No endpoints found that support tool use.' } })],
    [
      'tools (vLLM)',
      says(400, {
        error: { message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', code: 400 },
      }),
    ],
    [
      'so long a prompt, told in a stream (LM Studio)',
      {
        status: 200,
        type: 'text/event-stream',
        body: 'event: error\ndata: {"error":{"message":"The number of tokens to keep from the initial prompt is greater than the context length."}}\n\n',
      },
    ],
  ])('lets another answer, and goes on with what it can do: %s', async (_name, how) => {
    one.behave(() => how)
    for (const posts of [1, 2]) {
      const response = await daemon.post({ ...HELLO, stream: true })
      await response.text()
      expect([response.status, response.headers.get('x-llmroute-model')]).toEqual([200, 'two/b'])
      expect(one.posts.length).toBe(posts)
    }
  })
})

describe('a tool of free text, which OpenAI alone has', () => {
  const grammar = { syntax: 'lark', definition: 'start: "a"' }
  const patch = { type: 'custom', custom: { name: 'patch', description: 'Patches.', format: { type: 'grammar', grammar } } }
  const called = { id: 'c1', type: 'custom', custom: { name: 'patch', input: '+ "a"' } }
  const schema = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'], additionalProperties: false }
  const written = { id: 'c1', type: 'function', function: { name: 'patch', arguments: '{"input":"+ \\"a\\""}' } }

  it.each([
    ['beside its format', patch],
    ['as Responses has it', { type: 'custom', name: 'patch', description: 'Patches.', format: { type: 'grammar', ...grammar } }],
  ])('is a function to others, and is called as what it is: %s', async (_name, tool) => {
    const choices = [{ index: 0, message: { role: 'assistant', content: null, tool_calls: [written] }, finish_reason: 'tool_calls' }]
    one.behave(() => says(200, { id: 'x', object: 'chat.completion', created: 1, model: 'm', choices }))
    const messages = [...HELLO.messages, { role: 'assistant', content: null, tool_calls: [called] }]
    const body = { model: 'auto', messages: [...messages, { role: 'tool', tool_call_id: 'c1', content: 'Done.' }], tools: [tool] }
    const answer = (await (await daemon.post(body)).json()) as { choices: { message: { tool_calls: unknown[] } }[] }
    expect(one.posts[0]!.body).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant', tool_calls: [written] }, { role: 'tool' }],
      tools: [{ type: 'function', function: { name: 'patch', description: expect.stringContaining('lark'), parameters: schema } }],
    })
    expect(answer.choices[0]!.message.tool_calls).toEqual([called])
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
  const text = `${chunk({ role: 'assistant', content: 'Half' }, null)}${chunk({ content: '' }, 'insufficient_system_resource')}data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 700, completion_tokens: 30, total_tokens: 730 } })}\n\ndata: [DONE]\n\n`
  const whole = {
    choices: [{ index: 0, message: { role: 'assistant', content: 'Half' }, finish_reason: 'insufficient_system_resource' }],
    usage: { prompt_tokens: 700, completion_tokens: 30, total_tokens: 730 },
  }

  it.each([
    ['streamed', true, { status: 200, body: text, type: 'text/event-stream' }],
    ['whole', false, says(200, whole)],
  ])('is not passed for a whole one to clients of another format, and is charged as its provider says: %s', async (_name, stream, how) => {
    one.behave(() => how)
    const body = { model: 'auto', max_tokens: 9, messages: HELLO.messages, stream }
    const response = await daemon.post(body, { path: '/v1/messages' })
    expect(response.headers.get('x-llmroute-model')).toBe('two/b')
    const answer = await response.text()
    expect(answer).not.toContain('Half')
    expect(stream ? wordsOf(answer) : JSON.parse(answer).content[0].text).toBe(ANSWER)
    const failed = (await daemon.lastCall()).attempts[0]
    expect(failed).toMatchObject({ outcome: 'error', usageSource: 'reported', billed: 'maybe', costNano: 700 * 1000 + 30 * 4000 })
  })
})

describe('an error behind the heading of an answer', () => {
  const sse = (...events: readonly (string | object)[]): string =>
    events.map((e) => (typeof e === 'string' ? e : `event: ${(e as { type: string }).type}\ndata: ${JSON.stringify(e)}\n\n`)).join('')
  const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'in_progress', output: [] }
  const overloaded = { code: 'server_is_overloaded', message: 'Our servers are currently overloaded. Please try again later.' }
  const chunk = { id: 'gen-1', object: 'chat.completion.chunk', created: 1, model: 'm', provider: 'p' }
  const HEADINGS: Readonly<Record<string, string>> = {
    // openrouter.ai/docs/api-reference/streaming, behind the chunk that OpenAI and Azure begin with
    'openai-chat': `: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\ndata: ${JSON.stringify({
      ...chunk,
      choices: [{ index: 0, delta: { content: '', refusal: null, role: 'assistant' }, finish_reason: null }],
    })}\n\ndata: ${JSON.stringify({
      ...chunk,
      error: { code: 'server_error', message: 'Provider disconnected' },
      choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
    })}\n\n`,
    'openai-responses': sse(
      { type: 'response.created', sequence_number: 0, response },
      { type: 'response.in_progress', sequence_number: 1, response },
      { type: 'error', sequence_number: 2, ...overloaded, param: null },
      { type: 'response.failed', sequence_number: 3, response: { ...response, status: 'failed', error: overloaded } },
    ),
    'anthropic-messages': sse(
      {
        type: 'message_start',
        message: { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], usage: { input_tokens: 9, output_tokens: 1 } },
      },
      { type: 'ping' },
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    ),
  }
  const CLIENTS = [
    ['/v1/chat/completions', HELLO],
    ['/v1/responses', { model: 'auto', input: 'Hello there' }],
    ['/v1/messages', { model: 'auto', max_tokens: 9, messages: HELLO.messages }],
  ] as const

  it.each(Object.keys(HEADINGS))('lets another model answer, whoever asks: %s', async (wire) => {
    const config = twoProviders(one.origin, two.origin)
    const at = (origin: string) => (wire.startsWith('openai') ? `${origin}/v1` : origin)
    const both = await runDaemon({
      ...config,
      providers: { one: { wire, baseURL: at(one.origin), apiKey: 'k' }, two: { wire, baseURL: at(two.origin), apiKey: 'k' } },
    })
    for (const [path, body] of CLIENTS) {
      one.behave(() => ({ status: 200, body: HEADINGS[wire]!, type: 'text/event-stream' }))
      const answer = await both.post({ ...body, stream: true }, { path })
      const text = await answer.text()
      expect([path, answer.headers.get('x-llmroute-model')]).toEqual([path, 'two/b'])
      expect(text).not.toMatch(/overloaded|disconnected|PROCESSING/i)
      expect((await both.lastCall()).attempts.map(({ outcome, costNano }) => [outcome, costNano! > 0])).toEqual([
        ['error', false],
        ['ok', true],
      ])
    }
    await both.end()
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
