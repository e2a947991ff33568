import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Event, WIRE_FORMATS, type WireFormat } from '../../src/canonical/index.js'
import { codecFor } from '../../src/wire/index.js'
import { requestOf, user } from './neutral-requests.js'
import { dataOf, readStream, writeStream } from './streams.js'
import { targetOf } from './targets.js'

/** Defects that users of other routers reported, each where a stream or a conversation passes from one format to another. */

const CONTEXT = {
  id: 'answer-1',
  model: 'shown',
  created: 1_700_000_000,
  streamUsage: true,
  request: requestOf('anthropic-messages', [user('a longer question')]),
}

type Json = Record<string, unknown>

function recorded(format: 'anthropic-messages' | 'gemini', name: string): Event[] {
  return readStream(codecFor(format), readFileSync(new URL(`../fixtures/streams/${format}/${name}.sse`, import.meta.url)))
}

function chat(...deltas: readonly Json[]): Event[] {
  const chunk = (choice: Json): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [choice] })}\n\n`
  const usage = { prompt_tokens: 50, completion_tokens: 9, total_tokens: 59, prompt_tokens_details: { cached_tokens: 30 } }
  const body = deltas.map((delta) => chunk({ index: 0, delta, finish_reason: null })).join('')
  const last = chunk({ index: 0, delta: {}, finish_reason: 'stop' })
  return readStream(
    codecFor('openai-chat'),
    `${body}${last}data: ${JSON.stringify({ id: 'c', model: 'm', choices: [], usage })}\n\ndata: [DONE]\n\n`,
  )
}

/** A stream whose events have their type for a name. */
function named(format: 'anthropic-messages' | 'openai-responses', events: readonly Json[]): Event[] {
  return readStream(codecFor(format), events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''))
}

/** These events between the beginning and the end of a stream of messages. */
function messages(...events: readonly Json[]): Event[] {
  return named('anthropic-messages', [
    { type: 'message_start', message: { id: 'm', model: 'm', usage: { input_tokens: 9 } } },
    ...events,
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ])
}

function asMessages(events: readonly Event[]): Json[] {
  return dataOf(writeStream(codecFor('anthropic-messages'), events, CONTEXT)) as Json[]
}

/** The content of a streamed message, put together as clients do. */
function contentOf(stream: readonly Json[]): Json[] {
  const content: Json[] = []
  for (const event of stream) {
    const at = event.index as number
    const delta = event.delta as Json
    if (event.type === 'content_block_start') content[at] = { ...(event.content_block as Json), pieces: '' }
    if (event.type !== 'content_block_delta') continue
    const block = content[at]!
    if (delta.type === 'signature_delta') block.signature = delta.signature
    else block.pieces = String(block.pieces) + String(delta.text ?? delta.thinking ?? delta.partial_json)
  }
  return content
}

describe('a stream that changes format', () => {
  it('keeps the first words, though they come with the role and beside an empty list of calls', () => {
    const stream = asMessages(chat({ role: 'assistant', content: 'Hel', tool_calls: [] }, { content: 'lo', tool_calls: [] }))
    expect(contentOf(stream)).toMatchObject([{ type: 'text', pieces: 'Hello' }])
  })

  it('opens once, and says thoughts in a block of their own', () => {
    const stream = asMessages(chat({ role: 'assistant', content: '' }, { reasoning_content: 'hm' }, { content: 'So' }, { content: '.' }))
    expect(stream.filter((event) => event.type === 'message_start')).toHaveLength(1)
    expect(contentOf(stream)).toMatchObject([
      { type: 'thinking', pieces: 'hm' },
      { type: 'text', pieces: 'So.' },
    ])
  })

  it('keeps parallel calls apart whose pieces alternate', () => {
    const piece = (index: number, args: string, head?: Json) => ({
      tool_calls: [{ index, ...head, function: { ...head, arguments: args } }],
    })
    const events = chat(
      piece(0, '', { id: 'a', type: 'function', name: 'read' }),
      piece(1, '', { id: 'b', type: 'function', name: 'write' }),
      piece(0, '{"x":'),
      piece(1, '{"y":'),
      piece(0, '1}'),
      piece(1, '2}'),
    )
    expect(contentOf(asMessages(events))).toMatchObject([
      { type: 'tool_use', id: 'a', name: 'read', pieces: '{"x":1}' },
      { type: 'tool_use', id: 'b', name: 'write', pieces: '{"y":2}' },
    ])
    const parts = dataOf(writeStream(codecFor('gemini'), events, CONTEXT)).flatMap(
      (chunk) => (chunk as { candidates: { content: { parts: Json[] } }[] }).candidates[0]?.content.parts ?? [],
    )
    expect(parts.filter((part) => part.functionCall !== undefined)).toEqual([
      { functionCall: { id: 'a', name: 'read', args: { x: 1 } } },
      { functionCall: { id: 'b', name: 'write', args: { y: 2 } } },
    ])
  })

  it('keeps parallel calls of Anthropic and of Responses apart whose pieces alternate', () => {
    const pieces = [
      ['{"x":', 0],
      ['{"y":', 1],
      ['1}', 0],
      ['2}', 1],
    ] as const
    const at = [0, 1]
    const streams = [
      messages(
        ...at.map((index) => ({
          type: 'content_block_start',
          index,
          content_block: { type: 'tool_use', id: `c${index}`, name: 'read', input: {} },
        })),
        ...pieces.map(([partial_json, index]) => ({
          type: 'content_block_delta',
          index,
          delta: { type: 'input_json_delta', partial_json },
        })),
        ...at.map((index) => ({ type: 'content_block_stop', index })),
      ),
      named('openai-responses', [
        ...at.map((output_index) => ({
          type: 'response.output_item.added',
          output_index,
          item: { type: 'function_call', call_id: `c${output_index}`, name: 'read', arguments: '' },
        })),
        ...pieces.map(([delta, output_index]) => ({ type: 'response.function_call_arguments.delta', output_index, delta })),
        { type: 'response.completed', response: { status: 'completed', output: [] } },
      ]),
    ]
    for (const events of streams) {
      expect(contentOf(asMessages(events))).toMatchObject([
        { type: 'tool_use', id: 'c0', pieces: '{"x":1}' },
        { type: 'tool_use', id: 'c1', pieces: '{"y":2}' },
      ])
    }
  })

  it('keeps the input of calls that came whole, and a turn with calls ends as one', () => {
    const stream = asMessages(recorded('gemini', 'parallel-calls'))
    const calls = contentOf(stream).filter((block) => block.type === 'tool_use')
    expect(calls.map((block) => JSON.parse(String(block.pieces)) as unknown)).toEqual([
      { location: 'Zürich', days: 2 },
      { location: 'Oslo' },
      {},
    ])
    expect(stream.find((event) => event.type === 'message_delta')).toMatchObject({ delta: { stop_reason: 'tool_use' } })
  })

  it('says the signature of a call in the piece that opens it, the only one where readers of the ai SDK look for it', () => {
    const chunks = dataOf(writeStream(codecFor('openai-chat'), recorded('gemini', 'parallel-calls'), CONTEXT))
    const pieces = (chunks as { choices?: { delta: { tool_calls?: Json[] } }[] }[]).flatMap(
      ({ choices }) => choices?.[0]?.delta.tool_calls ?? [],
    )
    expect(pieces.filter((piece) => piece.extra_content !== undefined)).toEqual([
      {
        index: 0,
        id: expect.any(String),
        type: 'function',
        function: { name: 'get_weather', arguments: '' },
        extra_content: { google: { thought_signature: expect.any(String) } },
      },
    ])
  })

  it('keeps the input that a server gives with the start of a call, without pieces', () => {
    const input = { path: 'ä.ts', deep: { n: [1] } }
    const stream = asMessages(
      messages(
        { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'read', input } },
        { type: 'content_block_stop', index: 0 },
      ),
    )
    expect(contentOf(stream)).toMatchObject([{ type: 'tool_use', id: 'a', pieces: JSON.stringify(input) }])
  })

  it('takes thoughts that a server sends within a block of words out of it', () => {
    const delta = (fields: Json) => ({ type: 'content_block_delta', index: 0, delta: fields })
    const stream = asMessages(
      messages(
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        delta({ type: 'thinking_delta', thinking: 'hm' }),
        delta({ type: 'text_delta', text: 'So.' }),
        { type: 'content_block_stop', index: 0 },
      ),
    )
    expect(contentOf(stream).filter((block) => block.pieces !== '')).toMatchObject([
      { type: 'thinking', pieces: 'hm' },
      { type: 'text', pieces: 'So.' },
    ])
  })

  it('gives a call without arguments an empty object', () => {
    const chunks = dataOf(writeStream(codecFor('gemini'), recorded('anthropic-messages', 'thinking-and-parallel-tools'), CONTEXT))
    expect(JSON.stringify(chunks)).toContain('{"functionCall":{"name":"get_time","id":"toolu_01C","args":{}}}')
  })

  it('never opens with a usage of nothing, and ends with the true one, cached tokens apart', () => {
    const stream = asMessages(chat({ content: 'hi' }))
    const [opening] = stream as { message: { usage: { input_tokens: number } } }[]
    expect(opening?.message.usage.input_tokens).toBeGreaterThan(0)
    expect(stream.find((event) => event.type === 'message_delta')?.usage).toEqual({
      input_tokens: 20,
      cache_read_input_tokens: 30,
      output_tokens: 9,
    })
  })
})

describe('a signature', () => {
  it('of Gemini comes back to Gemini from a client of Anthropic’s format', () => {
    const blocks = contentOf(asMessages(recorded('gemini', 'parallel-calls')))
    const content = blocks.map(({ pieces, ...block }): Json => {
      if (block.type === 'tool_use') return { ...block, input: JSON.parse(String(pieces)) as unknown }
      return block.type === 'thinking' ? { ...block, thinking: pieces } : { ...block, text: pieces }
    })
    const results = content.flatMap((block) =>
      block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: 'ran' }] : [],
    )
    const body = {
      model: 'm',
      max_tokens: 9,
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content },
        { role: 'user', content: results },
      ],
    }
    const request = codecFor('anthropic-messages').readRequest(body, { headers: {} })
    const write = (keepsReasoning: boolean) =>
      codecFor('gemini').writeRequest(request, targetOf('g', { thinking: 'effort' }, { keepsReasoning })).body
    const calls = ({ contents }: Json) => (contents as { parts: Json[] }[])[1]!.parts.filter((part) => part.functionCall !== undefined)
    expect(calls(write(true)).map((part) => part.thoughtSignature)).toEqual(['Q2FsbCBzaWc=', undefined, undefined])
    expect(calls(write(false)).map((part) => part.thoughtSignature)).toEqual(['skip_thought_signature_validator', undefined, undefined])
  })

  it('of one vendor never reaches another', () => {
    const reasoning = { type: 'thinking', thinking: 'hm', signature: 'made-elsewhere' }
    const body = {
      model: 'm',
      max_tokens: 9,
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [reasoning, { type: 'text', text: 'ok' }] },
        { role: 'user', content: 'on' },
      ],
    }
    const request = codecFor('anthropic-messages').readRequest(body, { headers: {} })
    for (const codec of WIRE_FORMATS.map(codecFor)) {
      const written = codec.writeRequest(request, targetOf('t', {}, { keepsReasoning: false }))
      expect(JSON.stringify(written.body)).not.toContain('made-elsewhere')
    }
  })
})

describe('a plain request', () => {
  it.each(WIRE_FORMATS.map(codecFor).map((codec) => [codec.format, codec] as const))(
    'gets no defaults that the client did not send, for %s',
    (_format, codec) => {
      const request = codecFor('gemini').readRequest(
        { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
        { headers: {}, urlModel: 'm' },
      )
      const { body } = codec.writeRequest(request, targetOf('t'))
      const added = ['temperature', 'top_p', 'topP', 'generationConfig', 'max_completion_tokens', 'max_output_tokens', 'tools', 'stop']
      for (const field of added) expect(body).not.toHaveProperty(field)
    },
  )
})

it('lists the sources that another format has no words for', () => {
  const citations = [{ type: 'char_location', cited_text: 'x', document_index: 0, start_char_index: 0, end_char_index: 1 }]
  const source = { type: 'text', media_type: 'text/plain', data: 'x' }
  const request = codecFor('anthropic-messages').readRequest(
    {
      model: 'm',
      max_tokens: 9,
      messages: [
        { role: 'user', content: [{ type: 'document', source, citations: { enabled: true } }] },
        { role: 'assistant', content: [{ type: 'text', text: 'x', citations }] },
        { role: 'user', content: 'and?' },
      ],
    },
    { headers: {} },
  )
  for (const codec of [codecFor('openai-chat'), codecFor('openai-responses'), codecFor('gemini')]) {
    const fields = codec.writeRequest(request, targetOf('m')).losses.map((loss) => loss.field)
    expect(fields).toEqual(expect.arrayContaining(['messages.0.citations', 'messages.1.citations']))
  }
})

it.each<[WireFormat, Json, string]>([
  ['openai-chat', { model: 'm', messages: [] }, 'messages'],
  ['openai-responses', { model: 'm' }, 'input'],
  ['openai-responses', { model: 'm', input: [] }, 'input'],
  ['anthropic-messages', { model: 'm', max_tokens: 9, messages: [] }, 'messages'],
  ['gemini', { contents: [] }, 'contents'],
])('a body of %s without a word is the client’s mistake, not one to be answered', (format, body, param) => {
  expect(() => codecFor(format).readRequest(body, { headers: {}, urlModel: 'm' })).toThrow(
    expect.objectContaining({ code: 'E_BAD_REQUEST', status: 400, param }),
  )
})

it('what the provider keeps may stand for input', () => {
  const read = (body: Json) => codecFor('openai-responses').readRequest({ model: 'm', ...body }, { headers: {} })
  for (const body of [{ previous_response_id: 'resp_1' }, { prompt: { id: 'pmpt_1' } }, { conversation: 'conv_1' }])
    expect(read(body).messages).toEqual([])
})

describe('what a client hands in for the model to read', () => {
  const TITLE = 'Colours'
  const passage = { type: 'search_result', source: 'https://x.test', title: TITLE, content: [{ type: 'text', text: 'The sky is green.' }] }
  const document = { type: 'document', title: TITLE, source: { type: 'content', content: [{ type: 'text', text: 'The sky is green.' }] } }
  const formats = ['openai-chat', 'openai-responses', 'gemini'] as const

  it.each(formats)('passages that it found and documents in blocks reach a model of %s as text', (format) => {
    for (const block of [passage, document]) {
      const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: [block] }
      const call = { type: 'tool_use', id: 'toolu_1', name: 'find', input: {} }
      const read = (content: readonly object[]) => ({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content }] })
      const asked = [
        read([block, { type: 'text', text: 'Why?' }]),
        {
          ...read([]),
          messages: [
            { role: 'user', content: 'go' },
            { role: 'assistant', content: [call] },
            { role: 'user', content: [result] },
          ],
        },
      ]
      for (const body of asked) {
        const request = codecFor('anthropic-messages').readRequest(body, { headers: {} })
        const written = codecFor(format).writeRequest(request, targetOf('m'))
        expect(JSON.stringify(written.body)).toMatch(/Colours.*The sky is green\./)
        expect(written.losses.filter(({ matters }) => matters)).toEqual([])
      }
    }
  })

  it.each(formats)('files that another vendor keeps are no ids of its own: %s', (format) => {
    const content = [{ type: 'document', source: { type: 'file', file_id: 'file_011' } }]
    const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content }] }
    const { body: sent, losses } = codecFor(format).writeRequest(
      codecFor('anthropic-messages').readRequest(body, { headers: {} }),
      targetOf('m'),
    )
    expect(JSON.stringify(sent)).not.toContain('file_011')
    expect(losses).toContainEqual(expect.objectContaining({ matters: true }))
  })

  it('files that OpenAI keeps are known to both of its formats', () => {
    const chat = { model: 'm', messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }] }
    const there = codecFor('openai-responses').writeRequest(codecFor('openai-chat').readRequest(chat, { headers: {} }), targetOf('m')).body
    expect(JSON.stringify(there)).toContain('{"type":"input_file","file_id":"file-1"}')
    const back = codecFor('openai-chat').writeRequest(codecFor('openai-responses').readRequest(there, { headers: {} }), targetOf('m')).body
    expect(JSON.stringify(back)).toContain('{"file_id":"file-1"}')
  })
})
