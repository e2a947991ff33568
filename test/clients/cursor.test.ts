import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GREETING } from '../upstreams/strict/brain.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
beforeAll(async () => {
  const only = UPSTREAMS.map(({ vendor, model }) => [vendor, { rules: [{ when: {}, use: model }] }] as const)
  // Without a profile in its name a call goes to another format than Cursor's, whichever vendor was quicker before: there the answer bears the name that was asked for.
  world = await openWorld({ profiles: Object.fromEntries(only), default: 'messages' })
})
afterAll(() => world.close())

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const PATCH = { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } }
const ASKED = 'Weather in «Paris»?'

/** What Cursor posts to chat completions: bodies of Responses, and chat with Anthropic's tools; fields that nobody knows. */
const BODIES = {
  'the shape of Responses': {
    instructions: 'Be brief.',
    input: [{ role: 'user', content: [{ type: 'input_text', text: ASKED }] }],
    tools: [{ type: 'function', name: 'get_weather', parameters: SCHEMA }, PATCH],
    reasoning: { effort: 'medium' },
    stream_options: { include_usage: true },
    metadata: { cursor: 'yes' },
  },
  'tools of Anthropic': {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: ASKED },
    ],
    tools: [{ name: 'get_weather', description: 'The weather.', input_schema: SCHEMA }],
    tool_choice: { type: 'auto' },
  },
}
const CASES = UPSTREAMS.flatMap(({ vendor, model }) => Object.keys(BODIES).map((shape) => ({ vendor, model, shape })))

/** Fields of nobody's reach the vendor whose format the body is nearly in, as they do when it is asked directly. */
const OWN = { 'the shape of Responses': 'responses', 'tools of Anthropic': 'chat' }

describe.each(CASES)('Cursor, in $shape, upstream $vendor', ({ vendor, model, shape }) => {
  const name = shape as keyof typeof BODIES
  const body = { ...BODIES[name], ...(OWN[name] === vendor ? {} : { unheard_of: 1 }) }

  it('is answered with a chat completion', async () => {
    const response = await world.daemon.post({ ...body, model })
    expect(response.status).toBe(200)
    const answer = (await response.json()) as OpenAI.ChatCompletion
    expect(answer).toMatchObject({ object: 'chat.completion', choices: [{ finish_reason: 'tool_calls' }] })
    const calls = answer.choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && call.function)
    const [call] = calls?.filter((fn) => fn !== false) ?? []
    expect([call?.name, JSON.parse(call?.arguments ?? '')]).toEqual(['get_weather', { city: 'Paris' }])
  })

  it('is streamed chat chunks', async () => {
    const text = await (await world.daemon.post({ ...body, model, stream: true })).text()
    const lines = text.split('\n').filter((line) => line.startsWith('data: '))
    expect(lines.at(-1)).toBe('data: [DONE]')
    const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.slice(6)) as OpenAI.ChatCompletionChunk)
    for (const chunk of chunks) expect(chunk.object).toBe('chat.completion.chunk')
    const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])
    const args = deltas.map((delta) => delta.function?.arguments ?? '').join('')
    expect(JSON.parse(args)).toEqual({ city: 'Paris' })
    // Only one of the shapes asked for usage.
    expect(chunks.some((chunk) => chunk.usage != null)).toBe('stream_options' in body)
  })
})

it.each(UPSTREAMS)('a turn that only calls, in a block of Anthropic’s, reaches $vendor', async ({ model }) => {
  const messages = [
    { role: 'user', content: ASKED },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Paris' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'sunny' }] },
  ]
  const answer = await world.daemon.post({ ...BODIES['tools of Anthropic'], messages, model })
  expect(await answer.text()).toContain('The tools said: sunny')
})

it('is served under a neutral name, with its effort as a suffix', async () => {
  const messages = [{ role: 'user', content: 'Hello.' }]
  for (const model of ['llmroute-auto', 'llmroute-auto-high']) {
    const response = await world.daemon.post({ model, messages })
    expect(await response.json()).toMatchObject({ model, choices: [{ message: { content: GREETING } }] })
  }
})

/** Where each vendor is told how hard to think, and what `high` is there: budgets are shares of the output limit, or Google's own. */
const HIGH = {
  chat: { reasoning_effort: 'high' },
  responses: { reasoning: { effort: 'high' } },
  messages: { thinking: { type: 'enabled', budget_tokens: 25_600 } },
  gemini: { generationConfig: { thinkingConfig: { thinkingBudget: 24_576 } } },
}

describe.each(UPSTREAMS)('the effort in a name reaches the upstream $vendor', ({ vendor }) => {
  const model = `llmroute-auto:${vendor}-high`

  it.each([
    ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Hello.' }] }],
    ['/v1/chat/completions', { input: 'Hello.', reasoning: { effort: 'low', summary: 'auto' } }],
    ['/v1/responses', { input: 'Hello.', reasoning: { effort: 'low' } }],
    ['/v1/messages', { max_tokens: 32_000, messages: [{ role: 'user', content: 'Hello.' }] }],
    [
      `/v1beta/models/${model}:generateContent`,
      { contents: [{ role: 'user', parts: [{ text: 'Hello.' }] }], generationConfig: { thinkingConfig: { thinkingBudget: 1024 } } },
    ],
  ])('from %s %j, and wins over the body’s', async (path, body) => {
    const response = await world.daemon.post(path.includes('v1beta') ? body : { ...body, model }, { path })
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(GREETING.slice(0, 5))])
    expect(world.last()).toMatchObject({ vendor, body: HIGH[vendor] })
  })
})
