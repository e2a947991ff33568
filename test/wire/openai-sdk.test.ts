import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { NO_USAGE, type Reply } from '../../src/canonical/index.js'
import { codecFor, eventsOfReply } from '../../src/wire/index.js'
import { writeStream } from './streams.js'
import { CONTEXT } from './targets.js'

/** What OpenAI's own SDK makes of what the writers write. */
const REPLY: Reply = {
  choices: [
    {
      parts: [
        { type: 'reasoning', text: 'Two files.', signature: 'c2ln' },
        { type: 'text', text: 'Grüße 🌍' },
        { type: 'tool-call', id: 'call_a', name: 'read', args: '{"path":"a"}' },
        { type: 'tool-call', id: 'call_b', name: 'list', args: '' },
      ],
      finish: 'tool-calls',
    },
  ],
  usage: { ...NO_USAGE, input: 20, cacheRead: 100, output: 30, reasoning: 8 },
}

function clientOf(body: string, type: string): OpenAI {
  return new OpenAI({ apiKey: 'x', maxRetries: 0, fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': type } })) })
}

const chat = codecFor('openai-chat')
const responses = codecFor('openai-responses')
const ASK = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] }
const CALLS = [
  { id: 'call_a', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } },
  { id: 'call_b', type: 'function', function: { name: 'list', arguments: '{}' } },
]
const USAGE = {
  prompt_tokens: 120,
  completion_tokens: 30,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 8 },
}

describe('the SDK of OpenAI', () => {
  it('reads a chat completion', async () => {
    const client = clientOf(JSON.stringify(chat.writeReply(REPLY, CONTEXT)), 'application/json')
    const answer = await client.chat.completions.create(ASK)
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { role: 'assistant', content: 'Grüße 🌍', tool_calls: CALLS },
    })
    expect(answer.usage).toEqual(USAGE)
  })

  it('puts a chat stream together', async () => {
    const client = clientOf(writeStream(chat, eventsOfReply(REPLY), CONTEXT), 'text/event-stream')
    const answer = await client.chat.completions
      .stream({ ...ASK, stream: true, stream_options: { include_usage: true } })
      .finalChatCompletion()
    expect(answer).toMatchObject({ id: 'chatcmpl-reply-1', model: 'shown-model', created: 1_700_000_000 })
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'Grüße 🌍', tool_calls: CALLS } })
    expect(answer.usage).toEqual(USAGE)
  })

  it('reads a response', async () => {
    const client = clientOf(JSON.stringify(responses.writeReply(REPLY, CONTEXT)), 'application/json')
    const answer = await client.responses.create({ model: 'm', input: 'hi' })
    expect(answer.output_text).toBe('Grüße 🌍')
    expect(answer.output.map((item) => item.type)).toEqual(['reasoning', 'message', 'function_call', 'function_call'])
    expect(answer.usage).toMatchObject({ input_tokens: 120, output_tokens: 30, total_tokens: 150 })
  })

  it('puts a Responses stream together, and the pieces are the whole', async () => {
    const client = clientOf(writeStream(responses, eventsOfReply(REPLY), CONTEXT), 'text/event-stream')
    const answer = await client.responses.stream({ model: 'm', input: 'hi' }).finalResponse()
    expect(answer.status).toBe('completed')
    expect(answer.output_text).toBe('Grüße 🌍')
    const { output } = responses.writeReply(REPLY, CONTEXT) as { output: { id: string }[] }
    expect(answer.output).toMatchObject(output)
  })

  it('throws what a stream says went wrong', async () => {
    const client = clientOf('data: {"error":{"message":"busy","type":"server_error","param":null,"code":null}}\n\n', 'text/event-stream')
    const stream = await client.chat.completions.create({ ...ASK, stream: true })
    await expect(async () => {
      for await (const _ of stream);
    }).rejects.toThrow('busy')
  })
})
