import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readAll, scratch } from './read.js'

const LITELLM = {
  request_id: 'chatcmpl-1',
  call_type: 'acompletion',
  api_key: 'hashed',
  spend: 0.000125,
  total_tokens: 150,
  prompt_tokens: 100,
  completion_tokens: 50,
  startTime: '2026-11-02T12:00:00.500Z',
  endTime: '2026-11-02T12:00:02.000Z',
  completionStartTime: '2026-11-02T12:00:01.000Z',
  model: 'gpt-5-mini',
  model_group: 'fast',
  custom_llm_provider: 'openai',
  metadata: { usage_object: { prompt_tokens_details: { cached_tokens: 60 }, completion_tokens_details: { reasoning_tokens: 20 } } },
  messages: [{ role: 'user', content: 'Hello, "you"' }],
  session_id: 's',
  status: 'success',
}

function csv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const header = Object.keys(rows[0] ?? {})
  const field = (value: unknown) => `"${(typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll('"', '""')}"`
  return `${[header.join(','), ...rows.map((row) => header.map((name) => field(row[name])).join(','))].join('\r\n')}\r\n`
}

it('reads LiteLLM spend logs alike as an array, as lines and as CSV', async () => {
  const second = {
    ...LITELLM,
    request_id: 'chatcmpl-2',
    status: 'failure',
    spend: 0,
    metadata: { error_information: { error_message: 'rate\nlimited' } },
    messages: {},
  }
  const forms = {
    'logs.json': JSON.stringify([LITELLM, second], null, 2),
    'logs.jsonl': `${JSON.stringify(LITELLM)}\n${JSON.stringify(second)}`,
    'logs.csv': csv([LITELLM, second]),
  }
  const folder = scratch(forms)
  const read = await Promise.all(Object.keys(forms).map((name) => readAll('litellm', join(folder, name))))
  for (const { calls, damage } of read) {
    expect(damage).toEqual([])
    expect(calls.map(({ file: _, line: __, ...call }) => call)).toEqual(read[0]?.calls.map(({ file: _, line: __, ...call }) => call))
  }
  expect(read[0]?.calls).toMatchObject([
    {
      ...{
        session: 's',
        turn: 1,
        atMs: Date.UTC(2026, 10, 2, 12, 0, 0, 500),
        ttftMs: 500,
        model: 'gpt-5-mini',
        provider: 'openai',
        costNano: 125_000,
      },
      usage: { input: 40, cacheRead: 60, cacheWrite5m: null, output: 50, reasoning: 20 },
      request: { messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello, "you"' }] }] },
    },
    { turn: 2, status: 'error', error: 'rate\nlimited', costNano: 0, request: null },
  ])
})

it('reads an OpenRouter activity export', async () => {
  const rows = [
    {
      ...{
        generation_id: 'gen-1',
        created_at: '2026-11-02 12:00:10.250',
        cost_total: '0.0123',
        cost_cache: '-0.001',
        tokens_prompt: '100',
      },
      ...{
        tokens_completion: '50',
        tokens_reasoning: '20',
        tokens_cached: '30',
        model_permaslug: 'anthropic/claude-sonnet-4.5',
        provider_name: 'Anthropic',
      },
      ...{ cancelled: 'false', streamed: 'true', app_name: 'zed', generation_time_ms: '1250', time_to_first_token_ms: '300' },
    },
  ]
  const { calls } = await readAll('openrouter', scratch({ 'activity.csv': `\u{feff}${csv(rows)}` }))
  expect(calls).toMatchObject([
    {
      ...{
        client: 'zed',
        model: 'anthropic/claude-sonnet-4.5',
        atMs: Date.UTC(2026, 10, 2, 12, 0, 9),
        ttftMs: 300,
        costNano: 12_300_000,
        request: null,
      },
      usage: { input: 70, cacheRead: 30, output: 50, reasoning: 20 },
    },
  ])
})

it('reads the generic format, and says what is wrong with a line', async () => {
  const lines = [
    {
      model: 'openai/gpt-5',
      time: '2026-11-02T12:00:00Z',
      session: 'a',
      prompt: 'hi',
      usage: { input: 5, output: 7 },
      latencyMs: 900,
      costUsd: 0.5,
    },
    {
      model: 'claude',
      time: 1793620801,
      session: 'a',
      format: 'anthropic-messages',
      request: { messages: [{ role: 'user', content: 'hi' }] },
      error: 'overloaded',
    },
    { model: 'gemini', time: 1793620802000, id: 'x', usage: {} },
    { model: 'gemini', time: 1793620802000, id: 'x' },
    { model: 'gemini' },
    { model: 'gpt', time: 1793620803, request: { messages: 'none' } },
  ]
  const { calls, damage } = await readAll('jsonl', scratch({ 'calls.jsonl': lines.map((line) => JSON.stringify(line)).join('\n') }))
  expect(calls).toMatchObject([
    {
      turn: 1,
      endMs: Date.UTC(2026, 10, 2, 12) + 900,
      costNano: 500_000_000,
      usage: { input: 5, output: 7, cacheRead: null },
      request: { model: 'openai/gpt-5' },
    },
    { turn: 2, status: 'error', error: 'overloaded', format: 'anthropic-messages', request: { messages: [{ role: 'user' }] } },
    { session: null, turn: 1, request: null },
  ])
  expect(damage.map((d) => [d.line, d.why])).toEqual([
    [5, 'model or time is missing'],
    [6, 'the request is not a valid openai-chat body'],
  ])
})
