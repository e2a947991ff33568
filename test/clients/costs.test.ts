import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'

/** A rate for each kind of token, so that one charged as another shows. USD per million: 1 is 1000 nano-USD a token. */
const PRICE = { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5, cacheWrite1h: 20 }

/**
 * What each vendor reports, in its own words. OpenAI and Gemini count cached tokens within the prompt, Anthropic beside it; thoughts are
 * within OpenAI's completion and beside Gemini's candidates.
 */
const REPORTS = {
  'openai-chat': {
    answer: {
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: 1200,
        completion_tokens: 60,
        total_tokens: 1260,
        prompt_tokens_details: { cached_tokens: 1000 },
        completion_tokens_details: { reasoning_tokens: 40 },
      },
    },
    nano: 200 * 10_000 + 1000 * 1000 + 60 * 50_000,
  },
  'openai-responses': {
    answer: {
      id: 'r1',
      object: 'response',
      created_at: 1,
      model: 'm',
      status: 'completed',
      output: [
        {
          type: 'message',
          id: 'msg',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Yes.', annotations: [] }],
        },
      ],
      usage: {
        input_tokens: 1200,
        input_tokens_details: { cached_tokens: 1000 },
        output_tokens: 60,
        output_tokens_details: { reasoning_tokens: 40 },
        total_tokens: 1260,
      },
    },
    nano: 200 * 10_000 + 1000 * 1000 + 60 * 50_000,
  },
  'anthropic-messages': {
    answer: {
      id: 'a1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'Yes.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 200,
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 500,
        cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 200 },
        output_tokens: 60,
      },
    },
    nano: 200 * 10_000 + 1000 * 1000 + 300 * 12_500 + 200 * 20_000 + 60 * 50_000,
  },
  gemini: {
    answer: {
      candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'Yes.' }] }, finishReason: 'STOP' }],
      modelVersion: 'm',
      usageMetadata: {
        promptTokenCount: 1200,
        cachedContentTokenCount: 1000,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 40,
        totalTokenCount: 1260,
      },
    },
    nano: 200 * 10_000 + 1000 * 1000 + 60 * 50_000,
  },
} as const

type Format = keyof typeof REPORTS
const FORMATS = Object.keys(REPORTS) as Format[]

/** A question in each client's own words. */
const QUESTIONS: Readonly<Record<Format, (model: string) => readonly [path: string, body: unknown]>> = {
  'openai-chat': (model) => ['/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Yes?' }] }],
  'openai-responses': (model) => ['/v1/responses', { model, input: 'Yes?' }],
  'anthropic-messages': (model) => ['/v1/messages', { model, max_tokens: 500, messages: [{ role: 'user', content: 'Yes?' }] }],
  gemini: (model) => [`/v1beta/models/${model}:generateContent`, { contents: [{ role: 'user', parts: [{ text: 'Yes?' }] }] }],
}

let provider: FakeProvider
let daemon: TestDaemon

beforeAll(async () => {
  provider = await startFakeProvider()
  daemon = await runDaemon({
    providers: Object.fromEntries(FORMATS.map((wire) => [wire, { wire, baseURL: provider.baseURL(wire), apiKey: 'sk' }])),
    models: FORMATS.map((wire) => ({ id: `${wire}/m`, price: PRICE, quality: 0.8 })),
  })
})
afterAll(async () => {
  await daemon.end()
  await provider.close()
})

describe.each(FORMATS)('what the provider of %s reports is charged, each kind of token once and at its own rate', (wire) => {
  it.each(FORMATS)('whoever asks: a client of %s', async (client) => {
    const { answer, nano } = REPORTS[wire]
    provider.behave(() => ({ status: 200, body: JSON.stringify(answer) }))
    const [path, body] = QUESTIONS[client](`${wire}/m`)
    const response = await daemon.post(body, { path })
    expect(response.status).toBe(200)
    await response.text()
    expect(response.headers.get('x-llmroute-cost-usd')).toBe(String(nano / 1e9))
    const { call, attempts } = daemon.call(response.headers.get('x-llmroute-call'))
    expect(call.costNano).toBe(nano)
    expect(attempts).toMatchObject([{ usageSource: 'reported', costNano: nano }])
  })
})
