import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReplyContext } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { collectReply, dataOf, readStream, writeStream } from '../streams.js'
import { CONTEXT } from '../targets.js'

const HEAD = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_764_000_000, model: 'gpt-5.2', system_fingerprint: 'fp_1' }
const USAGE = {
  prompt_tokens: 120,
  completion_tokens: 30,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 8 },
}

/** A stream as OpenAI sends it: deltas of choice 0, then the reason, then usage. */
function stream(deltas: readonly object[], finish: string | null = 'stop', usage: object | null = USAGE): string {
  const chunks: object[] = deltas.map((delta) => ({
    ...HEAD,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
    usage: null,
  }))
  if (finish !== null) chunks.push({ ...HEAD, choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: finish }], usage: null })
  if (usage !== null) chunks.push({ ...HEAD, choices: [], usage })
  return `${chunks.map((c) => `data: ${JSON.stringify(c)}\n\n`).join('')}data: [DONE]\n\n`
}

const call = (index: number, id: string | undefined, name: string | undefined, args: string) => ({
  tool_calls: [
    {
      index,
      ...(id === undefined ? {} : { id, type: 'function' }),
      function: { ...(name === undefined ? {} : { name }), arguments: args },
    },
  ],
})
const TEXT = stream([{ role: 'assistant', content: '' }, { content: 'Grüße ' }, { content: '🌍\n' }, { content: 'done' }])
const TOOLS = stream(
  [
    { role: 'assistant', content: null },
    { reasoning_content: 'Two ' },
    { reasoning_content: 'files.' },
    call(0, 'call_a', 'read', ''),
    call(1, 'call_b', 'read', ''),
    call(0, undefined, undefined, '{"path":'),
    call(1, undefined, undefined, '{"path":"b"'),
    call(0, undefined, undefined, '"a"}'),
    call(1, undefined, undefined, '}'),
  ],
  'tool_calls',
)

describe('reading a chat stream', () => {
  it('gives the first delta, the text in order, the reason and disjoint usage', () => {
    const { reply, fault } = collectReply(readStream(openaiChat, TEXT))
    expect(fault).toBeNull()
    expect(reply).toMatchObject({ id: 'chatcmpl-1', model: 'gpt-5.2', created: 1_764_000_000 })
    expect(reply.choices).toEqual([{ parts: [{ type: 'text', text: 'Grüße 🌍\ndone' }], finish: 'stop', rawFinish: 'stop' }])
    expect(reply.usage).toMatchObject({ input: 20, cacheRead: 100, cacheWrite5m: null, cacheWrite1h: null, output: 30, reasoning: 8 })
  })

  it('keeps parallel tool calls apart when their arguments interleave', () => {
    const { reply } = collectReply(readStream(openaiChat, TOOLS))
    expect(reply.choices[0]).toEqual({
      parts: [
        { type: 'reasoning', text: 'Two files.' },
        { type: 'tool-call', id: 'call_a', name: 'read', args: '{"path":"a"}' },
        { type: 'tool-call', id: 'call_b', name: 'read', args: '{"path":"b"}' },
      ],
      finish: 'tool-calls',
      rawFinish: 'tool_calls',
    })
  })

  it('tells calls apart by id when a server numbers all of them 0 or none', () => {
    const zero = stream([call(0, 'a', 'f', '{"x":1}'), call(0, 'b', 'g', '{"y":2}')], 'stop')
    const none = stream([
      { tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"x":' } }] },
      { tool_calls: [{ id: 'b', function: { name: 'g', arguments: '{"y":2}' } }] },
      { tool_calls: [{ id: 'a', function: { arguments: '1}' } }] },
    ])
    for (const text of [zero, none]) {
      const { reply } = collectReply(readStream(openaiChat, text))
      expect(reply.choices[0]?.parts).toEqual([
        { type: 'tool-call', id: 'a', name: 'f', args: '{"x":1}' },
        { type: 'tool-call', id: 'b', name: 'g', args: '{"y":2}' },
      ])
      expect(reply.choices[0]?.finish).toBe('tool-calls')
    }
  })

  it('does not let an empty tool_calls silence the text', () => {
    const { reply } = collectReply(
      readStream(
        openaiChat,
        stream([
          { content: 'a', tool_calls: [] },
          { content: 'b', tool_calls: [], function_call: null },
        ]),
      ),
    )
    expect(reply.choices[0]?.parts).toEqual([{ type: 'text', text: 'ab' }])
  })

  it('reads reasoning once when a server repeats it under several names, with its signature', () => {
    const deltas = [
      { reasoning: 'Hm', reasoning_details: [{ type: 'reasoning.text', text: 'Hm', index: 0 }] },
      { reasoning: null, reasoning_details: [{ type: 'reasoning.text', signature: 'sig', index: 0 }] },
      { content: 'ok' },
    ]
    expect(collectReply(readStream(openaiChat, stream(deltas))).reply.choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'Hm', signature: 'sig' },
      { type: 'text', text: 'ok' },
    ])
  })

  it('reads refusals, logprobs and free-text calls', () => {
    const logprobs = [{ token: 'No', logprob: -0.1, bytes: [78, 111], top_logprobs: [] }]
    const chunks = [
      { ...HEAD, choices: [{ index: 0, delta: { refusal: 'No' }, logprobs: { content: logprobs, refusal: null } }] },
      {
        ...HEAD,
        choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'patch', input: 'a "q"' } }] } }],
      },
      { ...HEAD, choices: [{ index: 0, delta: { tool_calls: [{ index: 0, custom: { input: '\nb' } }] }, finish_reason: 'tool_calls' }] },
    ]
    const [choice] = collectReply(readStream(openaiChat, chunks.map((c) => `data: ${JSON.stringify(c)}\n\n`).join(''))).reply.choices
    expect(choice).toMatchObject({
      parts: [
        { type: 'refusal', text: 'No' },
        { type: 'tool-call', id: 'c', name: 'patch', args: '{"input":"a \\"q\\"\\nb"}' },
      ],
      logprobs,
    })
  })

  it('numbers calls as they are sent: free-text ones, which are sent when whole, may come after others', () => {
    const deltas = [call(0, 'a', 'patch', '{"input":'), call(1, 'b', 'f', '{}'), call(0, undefined, undefined, '"x"}')]
    const tools = [{ type: 'grammar', name: 'patch', format: 'openai-chat', value: {} }]
    const context = { ...CONTEXT, request: { tools } } as unknown as ReplyContext
    const said = JSON.stringify(dataOf(writeStream(openaiChat, readStream(openaiChat, stream(deltas, 'tool_calls')), context)))
    expect(said.match(/"index":\d,"id":"\w"/g)).toEqual(['"index":0,"id":"b"', '"index":1,"id":"a"'])
  })

  it('keeps choices apart', () => {
    const one = (index: number, delta: object, finish_reason: string | null = null) =>
      `data: ${JSON.stringify({ ...HEAD, choices: [{ index, delta, finish_reason }] })}\n\n`
    const text = one(0, { content: 'a' }) + one(1, { content: 'x' }) + one(0, { content: 'b' }, 'stop') + one(1, { content: 'y' }, 'length')
    expect(collectReply(readStream(openaiChat, text)).reply.choices).toEqual([
      { parts: [{ type: 'text', text: 'ab' }], finish: 'stop', rawFinish: 'stop' },
      { parts: [{ type: 'text', text: 'xy' }], finish: 'length', rawFinish: 'length' },
    ])
  })

  it('does not fake what was not reported', () => {
    const { usage } = collectReply(readStream(openaiChat, stream([{ content: 'a' }], 'stop', null))).reply
    expect(usage).toMatchObject({ input: null, cacheRead: null, output: null, reasoning: null })
    const bare = collectReply(readStream(openaiChat, stream([{ content: 'a' }], 'stop', { prompt_tokens: 5, completion_tokens: 1 }))).reply
      .usage
    expect(bare).toMatchObject({ input: 5, cacheRead: null, output: 1, reasoning: null })
  })

  it('reports an error inside the stream, a cut stream and a chunk that is not JSON', () => {
    const cut = TEXT.slice(0, TEXT.indexOf('"finish_reason":"stop"'))
    const failed = `${cut.slice(0, cut.lastIndexOf('data:'))}data: {"error":{"message":"slow down","type":"x","code":429}}\n\n`
    expect(collectReply(readStream(openaiChat, failed)).fault).toMatchObject({ code: 'E_RATE_LIMIT', message: 'slow down' })
    expect(collectReply(readStream(openaiChat, cut.slice(0, cut.lastIndexOf('data:')))).fault).toMatchObject({ code: 'E_UPSTREAM' })
    expect(collectReply(readStream(openaiChat, 'data: <html>\n\n')).fault).toMatchObject({ code: 'E_UPSTREAM' })
  })

  it.each([
    ['text', TEXT],
    ['tools', TOOLS],
  ])('gives the same events for any split of a stream of %s', (_name, text) => {
    const whole = readStream(openaiChat, text)
    const crlf = text.replaceAll('\n\n', '\r\n\r\n')
    fc.assert(
      fc.property(fc.array(fc.nat(crlf.length)), (cuts) => {
        expect(readStream(openaiChat, crlf, cuts)).toEqual(whole)
      }),
    )
  })
})

describe('writing a chat stream', () => {
  it.each([
    ['text', TEXT],
    ['tools', TOOLS],
  ])('replays to the same message (%s)', (_name, text) => {
    const events = readStream(openaiChat, text)
    const again = readStream(openaiChat, writeStream(openaiChat, events, CONTEXT))
    const { raw: _a, ...usage } = collectReply(events).reply.usage
    expect(collectReply(again).reply.choices).toEqual(collectReply(events).reply.choices)
    expect(collectReply(again).reply.usage).toMatchObject(usage)
  })

  it('is chunks as OpenAI sends them', () => {
    const head = { id: 'chatcmpl-reply-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'shown-model' }
    const at = (delta: object, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    })
    expect(dataOf(writeStream(openaiChat, readStream(openaiChat, TOOLS), CONTEXT))).toEqual([
      at({ role: 'assistant', content: null }),
      at({ reasoning_content: 'Two ' }),
      at({ reasoning_content: 'files.' }),
      at({ tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'read', arguments: '' } }] }),
      at({ tool_calls: [{ index: 1, id: 'call_b', type: 'function', function: { name: 'read', arguments: '' } }] }),
      at({ tool_calls: [{ index: 0, function: { arguments: '{"path":' } }] }),
      at({ tool_calls: [{ index: 1, function: { arguments: '{"path":"b"' } }] }),
      at({ tool_calls: [{ index: 0, function: { arguments: '"a"}' } }] }),
      at({ tool_calls: [{ index: 1, function: { arguments: '}' } }] }),
      at({}, 'tool_calls'),
      { ...head, choices: [], usage: USAGE },
      '[DONE]',
    ])
  })

  it('sends no usage chunk to a client that did not ask', () => {
    const text = writeStream(openaiChat, readStream(openaiChat, TEXT), { ...CONTEXT, streamUsage: false })
    expect(text).not.toContain('"usage"')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('ends a failed stream with the error and without [DONE]', () => {
    const cut = TEXT.slice(0, TEXT.indexOf('data:', 400))
    const data = dataOf(writeStream(openaiChat, readStream(openaiChat, cut), CONTEXT))
    expect(data.at(-1)).toMatchObject({ error: { type: 'server_error', message: expect.stringContaining('cut the stream') } })
  })
})
