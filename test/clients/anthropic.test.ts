import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GREETING, THINKING } from '../upstreams/strict/brain.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
let client: Anthropic

beforeAll(async () => {
  world = await openWorld()
  client = new Anthropic({ baseURL: world.daemon.url, apiKey: 'any', maxRetries: 0 })
})
afterAll(() => world.close())

const WEATHER: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather of a city.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
const HI: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello.' }]

describe.each(UPSTREAMS)('messages of the Anthropic SDK, upstream $vendor', ({ model }) => {
  it('get an answer', async () => {
    const answer = await client.messages.create({
      model,
      max_tokens: 500,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: HI,
      metadata: { user_id: 'u1' },
    })
    expect(answer).toMatchObject({
      type: 'message',
      role: 'assistant',
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: GREETING }],
    })
    expect(answer.usage).toMatchObject({ input_tokens: 20, cache_read_input_tokens: 100, output_tokens: 30 })
  })

  it('stream, and the helper puts the message together', async () => {
    const stream = client.messages.stream({ model, max_tokens: 500, messages: HI })
    const texts: string[] = []
    const types: string[] = []
    let opening = 0
    stream.on('text', (delta) => texts.push(delta))
    stream.on('streamEvent', (event) => {
      types.push(event.type)
      if (event.type === 'message_start') opening = event.message.usage.input_tokens
    })
    const message = await stream.finalMessage()
    expect(texts.join('')).toBe(GREETING)
    expect(message).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text: GREETING }], usage: { output_tokens: 30 } })
    expect(types.filter((t) => t === 'message_start')).toHaveLength(1)
    // Clients that show what a turn costs while it runs read it there.
    expect(opening).toBeGreaterThan(0)
    expect(types.slice(-2)).toEqual(['message_delta', 'message_stop'])
  })

  it.each([false, true])('go through a tool round trip with thinking, stream %s', async (streams) => {
    const ask = (messages: Anthropic.MessageParam[]): Promise<Anthropic.Message> => {
      const body = { model, max_tokens: 4000, thinking: { type: 'enabled' as const, budget_tokens: 1500 }, tools: [WEATHER], messages }
      return streams ? client.messages.stream(body).finalMessage() : client.messages.create(body)
    }
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Weather in «Paris» and «Köln»? First say so.' }]
    const first = await ask(messages)
    expect(first.stop_reason).toBe('tool_use')
    // Gemini's signature of a call rides in an empty thinking block before it.
    const said = first.content.filter((b) => b.type !== 'thinking' || b.thinking !== '')
    expect(said.map((b) => b.type)).toEqual(['thinking', 'text', 'tool_use', 'tool_use'])
    expect(first.content[0]).toMatchObject({ thinking: THINKING })
    const calls = first.content.filter((b) => b.type === 'tool_use')
    expect(calls.map((c) => c.input)).toEqual([{ city: 'Paris' }, { city: 'Köln' }])
    messages.push(
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: calls[0]!.id, content: '20 degrees' },
          { type: 'tool_result', tool_use_id: calls[1]!.id, content: [{ type: 'text', text: 'no such city' }], is_error: true },
        ],
      },
    )
    const second = await ask(messages)
    const text = second.content.find((b) => b.type === 'text')?.text
    expect(text).toMatch(/^The tools said: 20 degrees \| .*no such city/)
    messages.push({ role: 'assistant', content: second.content }, { role: 'user', content: 'Thanks.' })
    expect((await ask(messages)).content.at(-1)).toMatchObject({ text: GREETING })
  })

  it.each([{ type: 'any' }, { type: 'none' }, { type: 'tool', name: 'get_weather', disable_parallel_tool_use: true }] as const)(
    'keep tool_choice %j',
    async (tool_choice) => {
      const answer = await client.messages.create({ model, max_tokens: 500, messages: HI, tools: [WEATHER], tool_choice })
      expect(answer.stop_reason).toBe(tool_choice.type === 'none' ? 'end_turn' : 'tool_use')
    },
  )

  it.each([false, true])('run tools with the helper, which would keep the conversation at the vendor, stream %s', async (streams) => {
    const ran: string[] = []
    const tool = {
      ...WEATHER,
      parse: (input: unknown) => input as { readonly city: string },
      run: ({ city }: { readonly city: string }) => {
        ran.push(city)
        return `sun in ${city}`
      },
    }
    const params = { model, max_tokens: 500, messages: [{ role: 'user' as const, content: 'Weather in «Paris» and «Rome»?' }] }
    const message = await client.beta.messages.toolRunner({ ...params, tools: [tool], stream: streams })
    expect(ran).toEqual(['Paris', 'Rome'])
    expect(message.content).toMatchObject([{ type: 'text', text: 'The tools said: sun in Paris | sun in Rome' }])
  })

  it('answer to a schema', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false }
    const answer = await client.messages.create({
      model,
      max_tokens: 500,
      messages: HI,
      output_config: { format: { type: 'json_schema', schema } },
    })
    expect(answer.content).toMatchObject([{ type: 'text', text: '{"name":"Paris"}' }])
  })

  it('say why they ended', async () => {
    const refused = await client.messages.create({ model, max_tokens: 500, messages: [{ role: 'user', content: 'refuse this' }] })
    expect(refused.stop_reason).toBe('refusal')
    const call: Anthropic.MessageParam[] = [
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Rome' } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'x'.repeat(1000) }] },
    ]
    const cut = await client.messages.create({ model, max_tokens: 20, messages: [...HI, ...call], tools: [WEATHER] })
    expect(cut.stop_reason).toBe('max_tokens')
  })

  it('count tokens without asking anyone', async () => {
    const before = world.vendors.posts.length
    const { input_tokens } = await client.messages.countTokens({ model, system: 'Be brief.', messages: HI, tools: [WEATHER] })
    expect(input_tokens).toBeGreaterThan(20)
    expect(input_tokens).toBeLessThan(500)
    expect(world.vendors.posts.length).toBe(before)
  })
})

it('stop sequences end an answer, and are named where the vendor names them', async () => {
  const ask = (model: string) => client.messages.create({ model, max_tokens: 500, messages: HI, stop_sequences: ['42'] })
  const upstreams = UPSTREAMS.filter((u) => u.vendor !== 'responses')
  const answers = await Promise.all(upstreams.map((u) => ask(u.model)))
  for (const answer of answers) expect(answer.content).toMatchObject([{ type: 'text', text: GREETING.slice(0, GREETING.indexOf('42')) }])
  expect(answers[upstreams.findIndex((u) => u.vendor === 'messages')]).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: '42' })
})
