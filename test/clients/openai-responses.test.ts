import OpenAI from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
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

const WEATHER: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  strict: true,
}

/** The stream helper adds what it parsed to each call, which OpenAI itself refuses to take back. */
function asSent(item: OpenAI.Responses.ResponseOutputItem): OpenAI.Responses.ResponseInputItem {
  const { parsed_arguments: _, ...rest } = item as OpenAI.Responses.ResponseOutputItem & { parsed_arguments?: unknown }
  return rest as OpenAI.Responses.ResponseInputItem
}

describe.each(UPSTREAMS)('responses of the openai SDK, upstream $vendor', ({ model }) => {
  it('get an answer', async () => {
    const answer = await client.responses.create({ model, input: 'Hello.', instructions: 'Be brief.', max_output_tokens: 500 })
    expect(answer).toMatchObject({ object: 'response', status: 'completed', output_text: GREETING, error: null })
    expect(answer.usage).toMatchObject({ input_tokens: 120, output_tokens: 30, input_tokens_details: { cached_tokens: 100 } })
  })

  it('stream the same, event by event', async () => {
    const stream = client.responses.stream({
      model,
      input: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: 'Hello.' },
      ],
    })
    const types: string[] = []
    let text = ''
    let number = -1
    for await (const event of stream) {
      types.push(event.type)
      expect(event.sequence_number).toBeGreaterThan(number)
      number = event.sequence_number
      if (event.type === 'response.output_text.delta') text += event.delta
    }
    expect(text).toBe(GREETING)
    expect(types[0]).toBe('response.created')
    expect(types.filter((t) => t === 'response.output_item.done')).toHaveLength(1)
    expect(types.at(-1)).toBe('response.completed')
    expect((await stream.finalResponse()).usage).toMatchObject({ input_tokens: 120, output_tokens: 30 })
  })

  it.each([false, true])('go through a tool round trip with sealed reasoning, stream %s', async (streams) => {
    const ask = async (input: OpenAI.Responses.ResponseInput): Promise<OpenAI.Responses.Response> => {
      const body = {
        model,
        input,
        tools: [WEATHER],
        store: false,
        include: ['reasoning.encrypted_content' as const],
        reasoning: { effort: 'low' as const, summary: 'auto' as const },
      }
      return streams ? client.responses.stream(body).finalResponse() : client.responses.create(body)
    }
    const input: OpenAI.Responses.ResponseInput = [
      { role: 'user', content: [{ type: 'input_text', text: 'Weather in «Paris» and «Köln»? First say so.' }] },
    ]
    const first = await ask(input)
    const calls = first.output.filter((item) => item.type === 'function_call')
    expect(calls.map((c) => JSON.parse(c.arguments))).toEqual([{ city: 'Paris' }, { city: 'Köln' }])
    const reasoning = first.output.find((item) => item.type === 'reasoning')
    expect(reasoning?.summary[0]?.text).toBe(THINKING)
    expect(first.output_text).toBe('I will look.')
    const results = calls.map((c, i) => ({ type: 'function_call_output' as const, call_id: c.call_id, output: `${20 + i} degrees` }))
    const second = await ask([...input, ...first.output.map(asSent), ...results])
    expect(second.output_text).toBe('The tools said: 20 degrees | 21 degrees')
  })

  it('parse structured output', async () => {
    const City = z.object({ name: z.string(), size: z.number() })
    const answer = await client.responses.parse({ model, input: 'A city, please.', text: { format: zodTextFormat(City, 'city') } })
    expect(answer.output_parsed).toEqual({ name: 'Paris', size: 1 })
  })

  it.each(['required', 'none', { type: 'function', name: 'get_weather' }] as const)('keep tool_choice %j', async (tool_choice) => {
    const answer = await client.responses.create({ model, input: 'Hello.', tools: [WEATHER], tool_choice })
    expect(answer.output.some((item) => item.type === 'function_call')).toBe(tool_choice !== 'none')
  })

  it('say when an answer is incomplete', async () => {
    const call = { type: 'function_call' as const, call_id: 'c1', name: 'get_weather', arguments: '{"city":"Rome"}' }
    const result = { type: 'function_call_output' as const, call_id: 'c1', output: 'x'.repeat(1000) }
    const answer = await client.responses.create({
      model,
      input: [{ role: 'user', content: 'Weather?' }, call, result],
      tools: [WEATHER],
      max_output_tokens: 20,
    })
    expect(answer).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
  })
})

it.each(UPSTREAMS.filter(({ vendor }) => vendor !== 'responses'))(
  'an earlier response is not left out in silence: a model of $vendor that the client names',
  async ({ model }) => {
    const going = client.responses.create({ model, input: 'And then?', previous_response_id: 'resp_1' })
    await expect(going).rejects.toMatchObject({ status: 400, message: expect.stringContaining(`which ${model} cannot see`) })
  },
)
