import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

type Post = readonly [path: string, body: Readonly<Record<string, unknown>>]

const PDF = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' } }
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const READ = { name: 'Read', input_schema: { type: 'object', properties: {} } }
const messages = (model: string, fields: object): Post => ['/v1/messages', { model, max_tokens: 100, ...fields }]
const gemini = (model: string, parts: readonly object[], fields: object = {}): Post => [
  `/v1beta/models/${model}:generateContent`,
  { contents: [{ role: 'user', parts }], ...fields },
]

/** What its own vendor takes from a client, and another one only if it is put otherwise. */
const WISHES: readonly (readonly [what: string, ask: (model: string) => Post])[] = [
  [
    'JSON without a word of it',
    (m) => gemini(m, [{ text: 'Three colours.' }], { generationConfig: { responseMimeType: 'application/json' } }),
  ],
  ['one token, as Claude Code probes an account', (m) => messages(m, { max_tokens: 1, messages: [{ role: 'user', content: 'quota' }] })],
  ['six stop sequences', (m) => messages(m, { stop_sequences: [...'abcdef'], messages: [{ role: 'user', content: 'Hello.' }] })],
  [
    'a PDF with a title',
    (m) =>
      messages(m, {
        messages: [
          {
            role: 'user',
            content: [
              { ...PDF, title: 'Report of May' },
              { type: 'text', text: 'Sum it up.' },
            ],
          },
        ],
      }),
  ],
  [
    'a strict function with a property that may be left out',
    (m) => {
      const properties = { path: { type: 'string' }, lines: { type: 'integer' } }
      const input_schema = { type: 'object', properties, required: ['path'], additionalProperties: false }
      return messages(m, { tools: [{ name: 'Read', strict: true, input_schema }], messages: [{ role: 'user', content: 'Hello.' }] })
    },
  ],
  ['a PDF without a name', (m) => messages(m, { messages: [{ role: 'user', content: [PDF, { type: 'text', text: 'Sum it up.' }] }] })],
  ...['data:image/jpg;base64,/9j/4AAQ', 'data:image/png;charset=utf-8;base64,iVBORw0KGgo='].map(
    (url) =>
      [
        `a picture at ${url}`,
        (model: string): Post => [
          '/v1/responses',
          { model, input: [{ role: 'user', content: [{ type: 'input_image', image_url: url, detail: 'auto' }] }] },
        ],
      ] as const,
  ),
  // OpenAI's Responses take both files.
  [
    'a table and a Word file',
    (model) => [
      '/v1/responses',
      {
        model,
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_file', filename: 'a.csv', file_data: 'data:text/csv;base64,YSxi' },
              { type: 'input_file', filename: 'a.docx', file_data: `data:${WORD};base64,UEs=` },
              { type: 'input_text', text: 'Sum them up.' },
            ],
          },
        ],
      },
    ],
  ],
  [
    'a PDF that a tool read',
    (m) =>
      messages(m, {
        tools: [READ],
        messages: [
          { role: 'user', content: 'Sum it up.' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Read', input: {} }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [PDF] }] },
        ],
      }),
  ],
]

describe.each(UPSTREAMS)('upstream $vendor', ({ model }) => {
  it.each(WISHES)('is asked for %s', async (_what, ask) => {
    const [path, body] = ask(model)
    const response = await world.daemon.post(body, { path })
    expect([response.status, world.last().refused]).toEqual([200, null])
    if (JSON.stringify(body).includes('input_image')) expect(JSON.stringify(world.last().body)).toMatch(/image\/(jpe?g|png)/)
  })
})
