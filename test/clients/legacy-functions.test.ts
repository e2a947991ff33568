import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelOf, openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
let client: OpenAI

beforeAll(async () => {
  world = await openWorld()
  client = new OpenAI({ baseURL: `${world.daemon.url}/v1`, apiKey: 'any', maxRetries: 0 })
})
afterAll(() => world.close())

const functions = [{ name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }]
type Message = OpenAI.ChatCompletionMessageParam

describe.each(UPSTREAMS)('a program from before tools, upstream $vendor', ({ model }) => {
  it.each([false, true])('calls its function and says what came of it, stream %s', async (streams) => {
    const ask = async (messages: Message[]): Promise<OpenAI.ChatCompletion.Choice> => {
      const body = { model, messages, functions }
      if (!streams) return (await client.chat.completions.create(body)).choices[0]!
      return (await client.chat.completions.stream(body).finalChatCompletion()).choices[0]!
    }
    const messages: Message[] = [{ role: 'user', content: 'Weather in «Paris» and «Köln»?' }]
    const first = await ask(messages)
    expect(first.finish_reason).toBe('function_call')
    expect(first.message.tool_calls).toBeUndefined()
    const call = first.message.function_call!
    expect(call.name).toBe('get_weather')
    expect(JSON.parse(call.arguments)).toEqual({ city: 'Paris' })
    messages.push(
      { role: 'assistant', content: null, function_call: call },
      { role: 'function', name: 'get_weather', content: '20 degrees' },
    )
    const second = await ask(messages)
    expect(second).toMatchObject({ finish_reason: 'stop', message: { content: 'The tools said: 20 degrees' } })
  })

  it('forces a function, or none', async () => {
    const messages: Message[] = [{ role: 'user', content: 'Hello.' }]
    const forced = await client.chat.completions.create({ model, messages, functions, function_call: { name: 'get_weather' } })
    expect(forced.choices[0]?.message.function_call?.name).toBe('get_weather')
    const none = await client.chat.completions.create({ model, messages, functions, function_call: 'none' })
    expect(none.choices[0]?.finish_reason).toBe('stop')
  })
})

it('names the field of a malformed function', async () => {
  const body = { model: modelOf('chat'), messages: [{ role: 'user', content: 'hi' }], functions: [{ description: 'nameless' }] }
  const response = await world.daemon.post(body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { param: 'functions.0.name' } })
})
