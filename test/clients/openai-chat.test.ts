import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { GREETING, THINKING } from '../upstreams/strict/brain.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
let client: OpenAI

beforeAll(async () => {
  world = await openWorld()
  client = new OpenAI({ baseURL: `${world.daemon.url}/v1`, apiKey: 'any', maxRetries: 0 })
})
afterAll(() => world.close())

const WEATHER: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
    strict: true,
  },
}
const HI: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'developer', content: 'Be brief.' },
  { role: 'user', content: [{ type: 'text', text: 'Hello.' }] },
]

describe.each(UPSTREAMS)('chat completions of the openai SDK, upstream $vendor', ({ model }) => {
  it('get an answer', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: HI,
      max_completion_tokens: 500,
      temperature: 0.5,
      seed: 7,
      user: 'u1',
    })
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant', content: GREETING } })
    expect(answer.usage).toMatchObject({ prompt_tokens: 120, completion_tokens: 30, prompt_tokens_details: { cached_tokens: 100 } })
  })

  it('get an answer without tools where their list is empty', async () => {
    const answer = await client.chat.completions.create({ model, messages: HI, tools: [], tool_choice: 'auto', parallel_tool_calls: true })
    expect(answer.choices[0]!.message.content).toBe(GREETING)
  })

  it('stream, with usage in a last chunk', async () => {
    const stream = await client.chat.completions.create({ model, messages: HI, stream: true, stream_options: { include_usage: true } })
    let text = ''
    const usages: unknown[] = []
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      if (chunk.usage) usages.push(chunk.usage)
    }
    expect(text).toBe(GREETING)
    expect(usages).toMatchObject([{ prompt_tokens: 120, completion_tokens: 30 }])
  })

  it('go through a tool round trip with parallel calls', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Weather in «Paris» and «Köln»? First say so.' }]
    const first = await client.chat.completions.create({ model, messages, tools: [WEATHER], parallel_tool_calls: true })
    const message = first.choices[0]!.message
    expect(first.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'I will look.' } })
    const calls = (message.tool_calls ?? []).filter((c) => c.type === 'function')
    expect(calls.map((c) => JSON.parse(c.function.arguments))).toEqual([{ city: 'Paris' }, { city: 'Köln' }])
    expect(new Set(calls.map((c) => c.id)).size).toBe(2)
    messages.push(message, ...calls.map((c, i) => ({ role: 'tool' as const, tool_call_id: c.id, content: `${20 + i} degrees` })))
    const second = await client.chat.completions.create({ model, messages, tools: [WEATHER] })
    expect(second.choices[0]?.message.content).toBe('The tools said: 20 degrees | 21 degrees')
  })

  it('run tools with the streaming helper', async () => {
    const asked: string[] = []
    const runner = client.chat.completions.runTools({
      model,
      stream: true,
      messages: [{ role: 'user', content: 'Weather in «Oslo»?' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'The weather.',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
            parse: (text: string) => JSON.parse(text) as { city: string },
            function: ({ city }: { city: string }) => {
              asked.push(city)
              return `-3 degrees in ${city}`
            },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toBe('The tools said: -3 degrees in Oslo')
    expect(asked).toEqual(['Oslo'])
  })

  it.each(['required', 'none', { type: 'function', function: { name: 'get_weather' } }] as const)(
    'keep tool_choice %j',
    async (tool_choice) => {
      const answer = await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'Hello.' }],
        tools: [WEATHER],
        tool_choice,
      })
      expect(answer.choices[0]?.finish_reason).toBe(tool_choice === 'none' ? 'stop' : 'tool_calls')
    },
  )

  it('parse structured output, whole and streamed', async () => {
    const City = z.object({ name: z.string(), tags: z.array(z.string()), size: z.number() })
    const body = { model, messages: HI, response_format: zodResponseFormat(City, 'city') }
    const whole = await client.chat.completions.parse(body)
    expect(whole.choices[0]?.message.parsed).toEqual({ name: 'Paris', tags: ['Paris'], size: 1 })
    const streamed = await client.chat.completions.stream(body).finalChatCompletion()
    expect(streamed.choices[0]?.message.parsed).toEqual(whole.choices[0]?.message.parsed)
  })

  it('take reasoning effort and show the reasoning', async () => {
    const stream = client.chat.completions.stream({ model, messages: HI, reasoning_effort: 'low' })
    let reasoning = ''
    for await (const chunk of stream) reasoning += (chunk.choices[0]?.delta as { reasoning_content?: string })?.reasoning_content ?? ''
    expect(reasoning).toBe(THINKING)
  })

  it('tell the end by length', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [
        { role: 'user', content: 'Weather in «Rome»?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Rome"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'x'.repeat(1000) },
      ],
      tools: [WEATHER],
      max_tokens: 20,
    })
    expect(answer.choices[0]?.finish_reason).toBe('length')
  })

  it('show a picture', async () => {
    const png = 'data:image/png;base64,iVBORw0KGgo='
    const answer = await client.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: png } },
          ],
        },
      ],
    })
    expect(answer.choices[0]?.message.content).toBe(GREETING)
    expect(world.last().raw.toString()).toContain('iVBORw0KGgo=')
  })
})
