import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { providers, resolveModel } from '../../src/catalog/index.js'
import { codecFor, tellSchema } from '../../src/wire/index.js'
import { targetOf } from '../wire/targets.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false }
const tools = [{ type: 'function', function: { name: 'find', parameters: schema } }]
const messages = [{ role: 'user', content: 'Which city? «Paris»' }]
const SCHEMA = { type: 'json_schema', json_schema: { name: 'answer', schema } }

/** Agents of OpenAI's SDKs want an answer of some form at the end of a loop of tools (openai/openai-agents-python#656). */
describe.each(UPSTREAMS)('JSON beside tools, upstream $vendor', ({ vendor, model }) => {
  it.each([SCHEMA, { type: 'json_object' }])('is asked for as $type', async (response_format) => {
    const said = [{ role: 'system', content: 'Answer in JSON.' }, ...messages]
    const response = await world.daemon.post({ model, messages: said, tools, response_format })
    expect([response.status, world.last().refused]).toEqual([200, null])
    const sent = JSON.stringify(world.last().body)
    expect(sent.includes('When no tool is needed any more')).toBe(vendor === 'gemini')
    if (response_format === SCHEMA) expect(sent.replaceAll('\\', '').split('"city":{').length).toBeGreaterThan(2)
  })
})

it('is left to the turn after a call that Gemini 3 is made to give', () => {
  const write = (tool_choice: string): unknown => {
    const request = codecFor('openai-chat').readRequest(
      { model: 'm', messages, tools, tool_choice, response_format: SCHEMA },
      { headers: {} },
    )
    return codecFor('gemini').writeRequest(request, targetOf('m')).body.generationConfig
  }
  expect(write('required')).toBeUndefined()
  expect(write('auto')).toEqual({ responseMimeType: 'application/json', responseJsonSchema: schema })
})

it.each([
  ['openai-chat', { messages, tools, response_format: { ...SCHEMA, json_schema: { ...SCHEMA.json_schema, description: null } } }],
  [
    'openai-responses',
    {
      input: 'hi',
      tools: [{ type: 'function', name: 'find', parameters: schema }],
      text: { verbosity: 'low', format: { ...SCHEMA.json_schema, type: 'json_schema' } },
    },
  ],
  [
    'anthropic-messages',
    {
      messages,
      max_tokens: 9,
      tools: [{ name: 'find', input_schema: schema }],
      output_config: { effort: 'low', format: { type: 'json_schema', schema } },
    },
  ],
  [
    'gemini',
    {
      contents: [{ parts: [{ text: 'hi' }] }],
      tools: [{ functionDeclarations: [{ name: 'find', parametersJsonSchema: schema }] }],
      generationConfig: { seed: 1, responseMimeType: 'application/json', responseSchema: schema },
    },
  ],
] as const)('is told in words alone to a client of %s too, whose own fields would ask for it again', (format, asked) => {
  const codec = codecFor(format)
  const request = codec.readRequest({ model: 'm', ...asked }, { headers: {}, urlModel: 'm' })
  for (const accepts of [{ refuses: ['json_with_tools'] }, { needs: ['tools'] }] as const) {
    const target = targetOf('m', accepts)
    const written = codec.writeRequest(tellSchema(request, target.accepts)!.request, target).body
    expect(JSON.stringify(written)).not.toMatch(/"json_schema"|"json_object"|"response(?:MimeType|Schema)"/)
  }
})

it.each([
  ['groq/openai/gpt-oss-120b', true],
  ['groq/llama-3.3-70b-versatile', false],
  ['together/meta-llama/Llama-3.3-70B-Instruct-Turbo', true],
])('%s is held to a schema: %s', (id, held) => {
  const provider = providers[id.slice(0, id.indexOf('/'))]!
  expect(resolveModel({ id }, { provider, prices: null }).accepts.needs.includes('json-schema')).toBe(held)
})
