import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_USAGE } from '../../../src/canonical/index.js'
import { openaiResponses } from '../../../src/wire/openai-responses/index.js'
import { collectReply, dataOf, readStream, writeStream } from '../streams.js'
import { CONTEXT } from '../targets.js'

type Json = Record<string, unknown>
const USAGE = {
  input_tokens: 120,
  input_tokens_details: { cached_tokens: 100 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 8 },
  total_tokens: 150,
}
const HEAD = { id: 'resp_1', object: 'response', created_at: 1_764_000_000, model: 'gpt-5.2', error: null, incomplete_details: null }

function sse(events: readonly Json[]): string {
  return events.map((event, i) => `event: ${String(event.type)}\ndata: ${JSON.stringify({ ...event, sequence_number: i })}\n\n`).join('')
}

function response(status: string, rest: Json = {}): Json {
  return { ...HEAD, status, output: [], usage: null, ...rest }
}

/** An answer as OpenAI streams it: a summary of reasoning, words, two calls in turn. */
const FULL: readonly Json[] = [
  { type: 'response.created', response: response('in_progress') },
  { type: 'response.in_progress', response: response('in_progress') },
  { type: 'response.output_item.added', output_index: 0, item: { id: 'rs_1', type: 'reasoning', summary: [] } },
  {
    type: 'response.reasoning_summary_part.added',
    item_id: 'rs_1',
    output_index: 0,
    summary_index: 0,
    part: { type: 'summary_text', text: '' },
  },
  { type: 'response.reasoning_summary_text.delta', item_id: 'rs_1', output_index: 0, summary_index: 0, delta: '**Look' },
  { type: 'response.reasoning_summary_text.delta', item_id: 'rs_1', output_index: 0, summary_index: 0, delta: '**' },
  { type: 'response.reasoning_summary_text.done', item_id: 'rs_1', output_index: 0, summary_index: 0, text: '**Look**' },
  {
    type: 'response.reasoning_summary_part.added',
    item_id: 'rs_1',
    output_index: 0,
    summary_index: 1,
    part: { type: 'summary_text', text: '' },
  },
  { type: 'response.reasoning_summary_text.delta', item_id: 'rs_1', output_index: 0, summary_index: 1, delta: 'Then act' },
  {
    type: 'response.output_item.done',
    output_index: 0,
    item: {
      id: 'rs_1',
      type: 'reasoning',
      encrypted_content: 'RU5D',
      summary: [
        { type: 'summary_text', text: '**Look**' },
        { type: 'summary_text', text: 'Then act' },
      ],
    },
  },
  {
    type: 'response.output_item.added',
    output_index: 1,
    item: { id: 'msg_1', type: 'message', status: 'in_progress', role: 'assistant', content: [] },
  },
  {
    type: 'response.content_part.added',
    item_id: 'msg_1',
    output_index: 1,
    content_index: 0,
    part: { type: 'output_text', text: '', annotations: [] },
  },
  { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 1, content_index: 0, delta: 'Grüße ', logprobs: [] },
  { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 1, content_index: 0, delta: '🌍', logprobs: [] },
  { type: 'response.output_text.done', item_id: 'msg_1', output_index: 1, content_index: 0, text: 'Grüße 🌍' },
  {
    type: 'response.content_part.done',
    item_id: 'msg_1',
    output_index: 1,
    content_index: 0,
    part: { type: 'output_text', text: 'Grüße 🌍', annotations: [] },
  },
  {
    type: 'response.output_item.done',
    output_index: 1,
    item: {
      id: 'msg_1',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Grüße 🌍', annotations: [] }],
    },
  },
  {
    type: 'response.output_item.added',
    output_index: 2,
    item: { id: 'fc_1', type: 'function_call', status: 'in_progress', call_id: 'call_a', name: 'read', arguments: '' },
  },
  { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 2, delta: '{"path"' },
  { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 2, delta: ':"a"}' },
  { type: 'response.function_call_arguments.done', item_id: 'fc_1', output_index: 2, arguments: '{"path":"a"}' },
  {
    type: 'response.output_item.done',
    output_index: 2,
    item: { id: 'fc_1', type: 'function_call', status: 'completed', call_id: 'call_a', name: 'read', arguments: '{"path":"a"}' },
  },
  {
    type: 'response.output_item.added',
    output_index: 3,
    item: { id: 'ctc_1', type: 'custom_tool_call', status: 'in_progress', call_id: 'call_b', name: 'apply_patch', input: '' },
  },
  { type: 'response.custom_tool_call_input.delta', item_id: 'ctc_1', output_index: 3, delta: '*** "Begin"' },
  { type: 'response.custom_tool_call_input.delta', item_id: 'ctc_1', output_index: 3, delta: '\n+x' },
  {
    type: 'response.output_item.done',
    output_index: 3,
    item: { id: 'ctc_1', type: 'custom_tool_call', status: 'completed', call_id: 'call_b', name: 'apply_patch', input: '*** "Begin"\n+x' },
  },
  { type: 'response.completed', response: response('completed', { usage: USAGE }) },
]
const PARTS = [
  { type: 'reasoning', id: 'rs_1', text: '**Look**\n\nThen act', signature: 'RU5D' },
  { type: 'text', text: 'Grüße 🌍' },
  { type: 'tool-call', id: 'call_a', name: 'read', args: '{"path":"a"}' },
  { type: 'tool-call', id: 'call_b', name: 'apply_patch', args: '{"input":"*** \\"Begin\\"\\n+x"}' },
]
const withPatchTool = {
  ...CONTEXT,
  request: openaiResponses.readRequest({ model: 'auto', input: 'hi', tools: [{ type: 'custom', name: 'apply_patch' }] }, { headers: {} }),
}

describe('reading a Responses stream', () => {
  it('gives reasoning with its seal, words, calls, the reason and disjoint usage', () => {
    const { reply, fault } = collectReply(readStream(openaiResponses, sse(FULL)))
    expect(fault).toBeNull()
    expect(reply).toMatchObject({ id: 'resp_1', model: 'gpt-5.2', created: 1_764_000_000 })
    expect(reply.choices).toEqual([{ parts: PARTS, finish: 'tool-calls', rawFinish: 'completed' }])
    expect(reply.usage).toMatchObject({ input: 20, cacheRead: 100, output: 30, reasoning: 8, cacheWrite5m: null })
  })

  it('gives the same answer when a server sends whole items and no deltas', () => {
    const bare = FULL.filter(
      (e) => !String(e.type).includes('delta') && !String(e.type).includes('part.') && !String(e.type).includes('output_text'),
    )
    expect(collectReply(readStream(openaiResponses, sse(bare))).reply.choices).toEqual([
      { parts: PARTS, finish: 'tool-calls', rawFinish: 'completed' },
    ])
    const fewer = bare.filter((e) => e.type !== 'response.output_item.added' && e.type !== 'response.created')
    expect(collectReply(readStream(openaiResponses, sse(fewer))).reply.choices[0]?.parts).toEqual(PARTS)
    const output = FULL.filter((e) => e.type === 'response.output_item.done').map((e) => e.item)
    const last = { type: 'response.completed', response: response('completed', { output, usage: USAGE }) }
    for (const stream of [
      [FULL[0]!, last],
      [...FULL.slice(0, -1), last],
    ]) {
      expect(collectReply(readStream(openaiResponses, sse(stream))).reply.choices).toEqual([
        { parts: PARTS, finish: 'tool-calls', rawFinish: 'completed' },
      ])
    }
    const opened = bare.filter((e) => e.type === 'response.output_item.added')
    const parts = collectReply(readStream(openaiResponses, sse([...opened, last]))).reply.choices[0]?.parts
    // Words stand after what was opened before them.
    expect(parts).toEqual([PARTS[0], PARTS[2], PARTS[3], PARTS[1]])
  })

  it('keeps the arguments of calls that come in one piece and whose items do not end', () => {
    const input = { type: 'response.custom_tool_call_input.done', item_id: 'ctc_1', output_index: 3, input: '*** "Begin"\n+x' }
    const calls = [...FULL.slice(0, -1), input, FULL.at(-1)!].filter(
      (e) => !/(arguments|input)\.delta$|output_item\.done$/.test(String(e.type)),
    )
    expect(collectReply(readStream(openaiResponses, sse(calls))).reply.choices[0]?.parts.slice(2)).toEqual(PARTS.slice(2))
  })

  it('tells parallel calls apart whose events are not numbered, and whose items have no id of their own (llama.cpp)', () => {
    const calls = ['fc_a', 'fc_b'].map((call_id) => ({ type: 'function_call', call_id, name: 'f', arguments: `{"x":"${call_id}"}` }))
    const stream: Json[] = [
      ...calls.flatMap((item) => [
        { type: 'response.output_item.added', item: { ...item, arguments: '' } },
        { type: 'response.function_call_arguments.delta', item_id: item.call_id, delta: item.arguments },
      ]),
      ...calls.map((item) => ({ type: 'response.output_item.done', item })),
      { type: 'response.completed', response: response('completed', { output: calls, usage: USAGE }) },
    ]
    const parts = calls.map(({ call_id: id, name, arguments: args }) => ({ type: 'tool-call', id, name, args }))
    expect(collectReply(readStream(openaiResponses, sse(stream))).reply.choices[0]?.parts).toEqual(parts)
  })

  it('reads what names neither items nor their places, as servers made for Codex do, once', () => {
    const unnamed = FULL.map(({ output_index: _, item_id: __, ...event }) => event)
    expect(collectReply(readStream(openaiResponses, sse(unnamed))).reply.choices[0]?.parts).toEqual(PARTS)
    const words = unnamed.filter(
      ({ type, item }) => type === 'response.output_text.delta' || (item as Json | undefined)?.type === 'message',
    )
    const end = { type: 'response.completed', response: response('completed', { output: words.flatMap(({ item }) => item ?? []) }) }
    for (const left of ['added', 'done'].map((ending) => words.filter(({ type }) => type !== `response.output_item.${ending}`)))
      expect(collectReply(readStream(openaiResponses, sse([...left, end]))).reply.choices[0]?.parts).toEqual([PARTS[1]])
  })

  it('gives the same events for any split', () => {
    const text = sse(FULL)
    const whole = readStream(openaiResponses, text)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        expect(readStream(openaiResponses, text, cuts)).toEqual(whole)
      }),
    )
  })

  it('keeps hosted calls as they are', () => {
    const search = { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'x' } }
    const { reply } = collectReply(
      readStream(openaiResponses, sse([{ type: 'response.output_item.done', output_index: 0, item: search }, FULL.at(-1)!])),
    )
    expect(reply.choices[0]?.parts).toEqual([{ type: 'opaque', format: 'openai-responses', kind: 'web_search_call', value: search }])
  })

  it('reads why an answer is incomplete, and what failed', () => {
    const cut = {
      type: 'response.incomplete',
      response: response('incomplete', { incomplete_details: { reason: 'max_output_tokens' }, usage: USAGE }),
    }
    expect(collectReply(readStream(openaiResponses, sse([...FULL.slice(0, 14), cut]))).reply.choices[0]).toMatchObject({
      finish: 'length',
      rawFinish: 'max_output_tokens',
    })
    const failed = {
      type: 'response.failed',
      response: response('failed', { error: { code: 'rate_limit_exceeded', message: 'slow down' } }),
    }
    expect(collectReply(readStream(openaiResponses, sse([FULL[0]!, failed]))).fault).toMatchObject({
      code: 'E_RATE_LIMIT',
      message: 'slow down',
    })
    expect(collectReply(readStream(openaiResponses, sse([{ type: 'error', code: 'server_error', message: 'oops' }]))).fault).toMatchObject({
      code: 'E_UPSTREAM',
      message: 'oops',
    })
    expect(collectReply(readStream(openaiResponses, sse(FULL.slice(0, 10)))).fault).toMatchObject({ code: 'E_UPSTREAM' })
  })

  it('knows what a response that failed has used, as a tap does', () => {
    const error = { code: 'server_error', message: 'on purpose' }
    const failed = { type: 'response.failed', response: response('failed', { error, usage: USAGE }) }
    const { reply, fault } = collectReply(readStream(openaiResponses, sse([...FULL.slice(0, 2), failed])))
    expect(fault?.message).toContain('on purpose')
    const tap = openaiResponses.usageTap(false)
    tap.see({ data: JSON.stringify(failed) })
    expect(reply.usage).toEqual(tap.usage())
    expect(reply.usage).toMatchObject({ input: 20, cacheRead: 100, output: 30 })
  })
})

describe('writing a Responses stream', () => {
  it('replays to the same message', () => {
    const events = readStream(openaiResponses, sse(FULL))
    const again = collectReply(readStream(openaiResponses, writeStream(openaiResponses, events, withPatchTool))).reply
    expect(again.choices[0]?.parts).toEqual([{ ...PARTS[0], id: 'rs_reply-1_0' }, ...PARTS.slice(1)])
    expect(again.usage).toMatchObject({ input: 20, cacheRead: 100, output: 30, reasoning: 8 })
  })

  it('says how much was cached and thought of any answer: SDKs read these without a look whether they are there', () => {
    const usage = { ...NO_USAGE, input: 20, output: 3 }
    expect(openaiResponses.writeReply({ choices: [{ parts: [], finish: 'stop' }], usage }, CONTEXT).usage).toEqual({
      input_tokens: 20,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 3,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 23,
    })
  })

  it('announces, fills and closes every item in order, and repeats the whole at the end', () => {
    const data = dataOf(writeStream(openaiResponses, readStream(openaiResponses, sse(FULL)), withPatchTool)) as Json[]
    expect(data.map((e) => e.sequence_number)).toEqual(data.map((_, i) => i))
    expect(data.map((e) => [String(e.type).replace('response.', ''), e.output_index ?? null])).toEqual([
      ['created', null],
      ['in_progress', null],
      ['output_item.added', 0],
      ['reasoning_summary_part.added', 0],
      ['reasoning_summary_text.delta', 0],
      ['reasoning_summary_text.delta', 0],
      ['reasoning_summary_text.delta', 0],
      ['reasoning_summary_text.delta', 0],
      ['reasoning_summary_text.done', 0],
      ['reasoning_summary_part.done', 0],
      ['output_item.done', 0],
      ['output_item.added', 1],
      ['content_part.added', 1],
      ['output_text.delta', 1],
      ['output_text.delta', 1],
      ['output_text.done', 1],
      ['content_part.done', 1],
      ['output_item.done', 1],
      ['output_item.added', 2],
      ['function_call_arguments.delta', 2],
      ['function_call_arguments.delta', 2],
      ['function_call_arguments.done', 2],
      ['output_item.done', 2],
      ['output_item.added', 3],
      ['custom_tool_call_input.delta', 3],
      ['custom_tool_call_input.done', 3],
      ['output_item.done', 3],
      ['completed', null],
    ])
    const done = data.filter((e) => e.type === 'response.output_item.done').map((e) => e.item)
    expect(data.at(-1)?.response).toMatchObject({
      id: 'resp_reply-1',
      object: 'response',
      status: 'completed',
      model: 'shown-model',
      output: done,
      usage: USAGE,
    })
    expect(done[3]).toMatchObject({ type: 'custom_tool_call', call_id: 'call_b', input: '*** "Begin"\n+x' })
  })

  it('sends an error as an error event and a failed response', () => {
    const data = dataOf(writeStream(openaiResponses, readStream(openaiResponses, sse(FULL.slice(0, 10))), CONTEXT)) as Json[]
    expect(data.slice(-2)).toMatchObject([
      { type: 'error', message: expect.stringContaining('cut the stream') },
      { type: 'response.failed', response: { status: 'failed', error: { code: 'server_error' }, output: [{ type: 'reasoning' }] } },
    ])
  })

  it('calls a function of a namespace as the client named it', () => {
    const tools = [{ type: 'namespace', name: 'agents', tools: [{ type: 'function', name: 'close', parameters: {} }] }]
    const request = openaiResponses.readRequest({ model: 'auto', input: 'hi', tools }, { headers: {} })
    expect(request.tools.map((t) => t.name)).toEqual(['agents__close'])
    const reply = {
      choices: [{ parts: [{ type: 'tool-call' as const, id: 'c', name: 'agents__close', args: '{}' }], finish: 'tool-calls' as const }],
    }
    const written = openaiResponses.writeReply({ ...reply, usage: collectReply([]).reply.usage }, { ...CONTEXT, request })
    expect(written.output).toMatchObject([{ type: 'function_call', namespace: 'agents', name: 'close', call_id: 'c' }])
  })
})

describe('tapping a relayed Responses stream', () => {
  it('reads usage, model and the end from the few events that hold a response', () => {
    const tap = openaiResponses.usageTap(false)
    let decoded = 0
    for (const event of FULL) {
      const raw = sse([event])
      if (!tap.skim?.(Buffer.from(raw))) continue
      decoded++
      expect(tap.see({ data: JSON.stringify(event) })).toBe(false)
    }
    expect(decoded).toBe(3)
    expect(tap.usage()).toMatchObject({ input: 20, cacheRead: 100, output: 30, reasoning: 8 })
    expect(tap.seen).toMatchObject({ done: true, model: 'gpt-5.2', finish: 'completed' })
    expect(tap.seen.outputChars).toBe(61)
  })
})
