import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GREETING } from '../upstreams/strict/brain.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** Schemas as MCP servers give them: without properties, without a type, with arrays of anything. */
const SCHEMAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  list_regions: { type: 'object' },
  refresh: {},
  read_files: {
    type: 'object',
    properties: { paths: { type: 'array' }, more: { anyOf: [{ type: ['array', 'null'] }] } },
    required: ['paths'],
  },
}
/** Alternatives where the arguments begin, which a client of Anthropic's knows better than to offer. */
const ALTERNATIVES: typeof SCHEMAS = {
  impact: {
    type: 'object',
    properties: { route: { type: 'string' }, file: { type: 'string' } },
    anyOf: [{ required: ['route'] }, { required: ['file'] }],
  },
  find: {
    oneOf: [
      { type: 'object', properties: { id: { type: 'string' } } },
      { type: 'object', properties: { title: { type: 'string' } } },
    ],
  },
}
/** Arguments that are named as in OData, which a client of Anthropic's cannot offer either. */
const ODATA: typeof SCHEMAS = {
  list_drive: {
    type: 'object',
    properties: { path: { type: 'string' }, $filter: { type: 'string' }, 'filter[id]': { type: 'array', items: { type: 'string' } } },
    required: ['path', '$filter'],
    additionalProperties: false,
  },
}
const NAMED = Object.entries({ ...SCHEMAS, ...ALTERNATIVES, ...ODATA })
const HI = [{ role: 'user', content: 'Hello.' }]

/** The same tools as clients of each format offer them. */
const ASK: Readonly<Record<string, (model: string) => readonly [path: string, body: Readonly<Record<string, unknown>>]>> = {
  'openai-chat': (model) => [
    '/v1/chat/completions',
    { model, messages: HI, tools: NAMED.map(([name, parameters]) => ({ type: 'function', function: { name, parameters } })) },
  ],
  'openai-responses': (model) => [
    '/v1/responses',
    { model, input: 'Hello.', tools: NAMED.map(([name, parameters]) => ({ type: 'function', name, parameters, strict: false })) },
  ],
  'anthropic-messages': (model) => [
    '/v1/messages',
    {
      model,
      max_tokens: 100,
      messages: HI,
      tools: Object.entries(SCHEMAS).map(([name, schema]) => ({ name, input_schema: { ...schema, type: 'object' } })),
    },
  ],
  gemini: (model) => [
    `/v1beta/models/${model}:generateContent`,
    {
      contents: [{ role: 'user', parts: [{ text: 'Hello.' }] }],
      tools: [{ functionDeclarations: NAMED.map(([name, parametersJsonSchema]) => ({ name, parametersJsonSchema })) }],
    },
  ],
}

describe.each(UPSTREAMS)('tools with loose schemas, upstream $vendor', ({ model }) => {
  it.each(Object.keys(ASK))('are offered by a client of %s', async (format) => {
    const [path, body] = ASK[format]!(model)
    const response = await world.daemon.post(body, { path })
    expect(await response.text()).toContain(JSON.stringify(GREETING).slice(1, -1))
    if (format === 'anthropic-messages') return
    const tools = JSON.stringify(world.last().body.tools)
    expect(tools).toContain('"title":{"type":"string"}')
    // Where the vendor takes no such name the description says it.
    expect(tools.replaceAll('\\"', '"')).toContain('"$filter":{"type":"string"}')
  })
})
