import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDaemon, type TestDaemon } from './run-daemon.js'

let daemon: TestDaemon
let client: OpenAI

beforeAll(async () => {
  daemon = await runDaemon({ sandbox: true })
  client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any', maxRetries: 0 })
})
afterAll(() => daemon.end())

const WEATHER: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}

describe('the openai SDK against the sandbox', () => {
  it('gets an answer that says it is simulated, with headers that say what happened', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'auto', messages: [{ role: 'user', content: 'Name three primes.' }] })
      .withResponse()
    expect(data.choices[0]?.message.content).toMatch(/^\[simulated answer from sandbox\//)
    expect(data.usage?.completion_tokens).toBeGreaterThan(5)
    const id = response.headers.get('x-llmroute-call')
    const { call } = daemon.call(id)
    expect(call).toMatchObject({ status: 'ok', client: 'openai-sdk', requestedModel: 'auto', profile: 'balanced', stream: false })
    expect(response.headers.get('x-llmroute-model')).toBe(call.model)
    expect(response.headers.get('x-llmroute-simulated')).toBe('true')
    expect(Number(response.headers.get('x-llmroute-cost-usd'))).toBeCloseTo((call.costNano ?? 0) / 1e9, 9)
    expect(response.headers.get('x-llmroute-reason')).toBe(call.reason)
  })

  it('streams, without usage unless it is asked for', async () => {
    const create = async (include: boolean) => {
      const stream = await client.chat.completions.create({
        model: 'auto:quality',
        stream: true,
        messages: [{ role: 'user', content: 'Prove that there are infinitely many primes.' }],
        ...(include ? { stream_options: { include_usage: true } } : {}),
      })
      let text = ''
      let usage: unknown = null
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? ''
        usage = chunk.usage ?? usage
      }
      return { text, usage }
    }
    const [plain, counted] = await Promise.all([create(false), create(true)])
    expect(plain.text).toMatch(/simulated/)
    expect(plain.usage).toBeNull()
    expect(counted.usage).toMatchObject({ completion_tokens: expect.any(Number) })
    const { call } = await daemon.lastCall()
    expect(call.outputTokens).toBeGreaterThan(0)
  })

  it('goes through a whole tool round trip', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is the weather in Paris? Use get_weather.' }]
    const first = await client.chat.completions.create({ model: 'auto', messages, tools: [WEATHER] })
    const [call] = first.choices[0]?.message.tool_calls ?? []
    if (call?.type !== 'function') throw new Error('no tool call')
    expect(first.choices[0]?.finish_reason).toBe('tool_calls')
    expect(JSON.parse(call.function.arguments)).toHaveProperty('city')
    messages.push(first.choices[0]!.message, { role: 'tool', tool_call_id: call.id, content: '22 degrees and sunny' })
    const second = await client.chat.completions.create({ model: 'auto', messages, tools: [WEATHER] })
    expect(second.choices[0]?.message.content).toContain('22 degrees')
  })

  it('answers to a JSON schema', async () => {
    const answer = await client.chat.completions.create({
      model: 'auto',
      messages: [{ role: 'user', content: 'A city, please.' }],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'city', schema: { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer' } } } },
      },
    })
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toMatchObject({ name: expect.any(String), size: expect.any(Number) })
  })

  it('gives each conversation its session, with turns', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Start a story about a lighthouse.' }]
    const first = await client.chat.completions.create({ model: 'auto', messages })
    messages.push(first.choices[0]!.message, { role: 'user', content: 'Go on.' })
    await client.chat.completions.create({ model: 'auto', messages })
    const [second, one] = daemon.ledger.listCalls({ limit: 2 })
    expect(second?.session).toBe(one?.session)
    expect([one?.turn, second?.turn]).toEqual([1, 2])
  })

  it('lists models', async () => {
    const ids = (await client.models.list()).data.map((m) => m.id)
    expect(ids).toContain('auto')
    expect(ids).toContain('sandbox/thinker')
  })
})

it('stores what was said, once a message, with secrets taken out', async () => {
  const secret = `sk-${'a1B2'.repeat(10)}`
  await client.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: `My key is ${secret}, is it safe?` }] })
  const { call } = await daemon.lastCall()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await daemon.ledger.flush()
  const bodies = daemon.ledger.bodiesOf(call.id)
  const text = JSON.stringify(bodies)
  expect(text).toContain('is it safe?')
  expect(text).toContain('simulated answer')
  expect(text).not.toContain(secret)
})
