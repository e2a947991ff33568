import OpenAI from 'openai'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { modelOf, openWorld, type World } from './open-world.js'

let world: World
let client: OpenAI

beforeAll(async () => {
  world = await openWorld()
  client = new OpenAI({ baseURL: `${world.daemon.url}/v1`, apiKey: 'any', maxRetries: 0 })
})
afterAll(() => world.close())

const FUNCTION: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'f',
  parameters: { type: 'object', properties: {} },
  strict: false,
}

it('a search of the web is each vendor’s own', async () => {
  const search: OpenAI.Responses.Tool = { type: 'web_search', filters: { allowed_domains: ['example.org'] } }
  const ask = (model: string, tools: OpenAI.Responses.Tool[]) => client.responses.create({ model, input: 'What is new?', tools })
  await ask(modelOf('messages'), [search, FUNCTION])
  expect(world.last().body.tools).toMatchObject([
    { type: 'web_search_20250305', name: 'web_search', allowed_domains: ['example.org'] },
    { name: 'f' },
  ])
  await ask(modelOf('gemini'), [{ type: 'web_search' }])
  expect(world.last().body.tools).toEqual([{ googleSearch: {} }])
  await ask(modelOf('responses'), [search, FUNCTION])
  expect(world.last().body.tools).toMatchObject([search, { name: 'f' }])
  await ask(modelOf('chat'), [search, FUNCTION])
  expect(world.last().body.tools).toMatchObject([{ function: { name: 'f' } }])
  const losses = (await world.daemon.lastCall()).attempts[0]?.losses
  expect(losses).toContainEqual(expect.objectContaining({ field: 'tools.web_search', matters: true }))
})

it.each([
  ['/v1/responses', { model: 'auto', input: 'go on', previous_response_id: 'resp_1' }, 'OpenAI'],
  ['/v1/messages', { model: 'auto', max_tokens: 9, messages: [{ role: 'user', content: 'go on' }], container: 'c_1' }, 'Anthropic'],
  ['/v1beta/models/auto:generateContent', { contents: [{ parts: [{ text: 'go on' }] }], cachedContent: 'cachedContents/1' }, 'Google'],
])('%s with what one vendor keeps is asked of nobody else', async (path, body, vendor) => {
  const response = await world.daemon.post(body, { path })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain(`lacks what only ${vendor} keeps`)
})

it('a tool that only one vendor hosts is asked of nobody else', async () => {
  const tools = [{ type: 'code_interpreter', container: { type: 'auto' } }] as OpenAI.Responses.Tool[]
  await expect(client.responses.create({ model: 'auto', input: 'Draw it.', tools })).rejects.toThrow(/hosted tools/)
})
