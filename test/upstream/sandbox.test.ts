import { describe, expect, it } from 'vitest'
import { sandboxModels } from '../../src/catalog/index.js'
import { Fault } from '../../src/kit/index.js'
import { createSandbox, type Dispatch, readWhole } from '../../src/upstream/index.js'

/** Fast enough not to wait for. */
const MODELS = sandboxModels(2000)
const TIMEOUTS = { connectMs: 1000, firstByteMs: 1000, idleMs: 1000 }

interface Answer {
  readonly choices: readonly {
    readonly message: {
      readonly content: string | null
      readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[]
    }
    readonly finish_reason: string
  }[]
  readonly usage: {
    readonly prompt_tokens: number
    readonly completion_tokens: number
    readonly prompt_tokens_details: { readonly cached_tokens: number }
  }
  readonly system_fingerprint: string
}

async function ask(
  dispatch: Dispatch,
  body: Readonly<Record<string, unknown>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const flight = dispatch({
    baseURL: 'sandbox:',
    path: '/chat/completions',
    headers: {},
    body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Tell me about rivers.' }], ...body }),
    timeouts: TIMEOUTS,
  })
  const answer = await flight.answer
  return { status: answer.status, text: (await readWhole(answer, flight.cancel)).toString() }
}

async function chat(dispatch: Dispatch, body: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  return JSON.parse((await ask(dispatch, body)).text) as Answer
}

const TOOL = {
  type: 'function',
  function: {
    name: 'find_file',
    parameters: {
      type: 'object',
      required: ['path', 'depth', 'kind'],
      properties: { path: { type: 'string' }, depth: { type: 'integer', minimum: 2 }, kind: { enum: ['f', 'd'] } },
    },
  },
}

describe('the sandbox', () => {
  it('gives the same answer for the same seed, another for another', async () => {
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => chat(createSandbox({ models: MODELS, seed }))))
    expect(a?.choices).toEqual(b?.choices)
    expect(a?.choices).not.toEqual(c?.choices)
  })

  it('labels every answer as simulated', async () => {
    const sandbox = createSandbox({ models: MODELS })
    for (const { name, kind } of MODELS) {
      if (kind !== 'chat') continue
      const answer = await chat(sandbox, { model: name })
      expect(answer.choices[0]?.message.content).toContain(`simulated answer from sandbox/${name}`)
      expect(answer.system_fingerprint).toBe('simulated')
    }
  })

  it('streams the very answer that it gives whole, with usage when asked', async () => {
    const sandbox = createSandbox({ models: MODELS })
    const whole = await chat(sandbox)
    const { text } = await ask(sandbox, { stream: true, stream_options: { include_usage: true } })
    const chunks = text
      .split('\n\n')
      .filter((e) => e.startsWith('data: {'))
      .map((e) => JSON.parse(e.slice(6)))
    expect(chunks.map((c) => c.choices[0]?.delta.content ?? '').join('')).toBe(whole.choices[0]?.message.content)
    expect(new Set(chunks.map((c) => c.system_fingerprint))).toEqual(new Set(['simulated']))
    expect(chunks.at(-1).usage.completion_tokens).toBe(whole.usage.completion_tokens)
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect((await ask(sandbox, { stream: true })).text).not.toContain('"usage"')
  })

  it('calls a tool when it is asked to, never unasked or right after a result', async () => {
    const sandbox = createSandbox({ models: MODELS })
    const asked = await chat(sandbox, { tools: [TOOL], messages: [{ role: 'user', content: 'Please use find_file.' }] })
    const call = asked.choices[0]?.message.tool_calls?.[0]
    expect(asked.choices[0]?.finish_reason).toBe('tool_calls')
    expect(JSON.parse(call?.function.arguments ?? '')).toEqual({ path: 'simulated', depth: 2, kind: 'f' })
    const forced = await chat(sandbox, { tools: [TOOL], tool_choice: 'required' })
    expect(forced.choices[0]?.message.tool_calls).toHaveLength(1)
    const unasked = await chat(sandbox, { tools: [TOOL] })
    expect(unasked.choices[0]?.message.tool_calls).toBeUndefined()
    const after = await chat(sandbox, {
      tools: [TOOL],
      messages: [
        { role: 'user', content: 'Please use find_file.' },
        { role: 'tool', tool_call_id: 'x', content: 'it is in /etc' },
      ],
    })
    expect(after.choices[0]?.message.content).toContain('it is in /etc')
  })

  it('calls a function in the old shape for a client that offers it in that shape', async () => {
    const { choices } = await chat(createSandbox({ models: MODELS }), { functions: [TOOL.function], function_call: { name: 'find_file' } })
    expect(choices[0]).toMatchObject({ message: { function_call: { name: 'find_file' } }, finish_reason: 'function_call' })
  })

  it('keeps to the output limit', async () => {
    const answer = await chat(createSandbox({ models: MODELS }), { max_tokens: 5 })
    expect(answer.choices[0]?.finish_reason).toBe('length')
    expect(answer.usage.completion_tokens).toBe(5)
  })

  it('has a prompt cache like its models’ rule', async () => {
    const sandbox = createSandbox({ models: MODELS })
    const history = [
      { role: 'system', content: 'You are careful. '.repeat(500) },
      { role: 'user', content: 'hi' },
    ]
    const first = await chat(sandbox, { messages: history })
    const second = await chat(sandbox, {
      messages: [...history, { role: 'assistant', content: 'yes?' }, { role: 'user', content: 'go on' }],
    })
    expect(first.usage.prompt_tokens_details.cached_tokens).toBe(0)
    expect(second.usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(1024)
    expect(second.usage.prompt_tokens_details.cached_tokens % 128).toBe(0)
  })

  it('refuses a request without messages as a provider does', async () => {
    const refused = await ask(createSandbox({ models: MODELS }), { messages: [] })
    expect(refused.status).toBe(400)
    expect(JSON.parse(refused.text)).toMatchObject({ error: { type: 'invalid_request_error' } })
  })

  it('fails on purpose when told to, and knows its own models only', async () => {
    const failing = createSandbox({ models: MODELS, errorRate: 1 })
    const failed = await ask(failing, {})
    expect(failed.status).toBe(503)
    expect(JSON.parse(failed.text)).toMatchObject({ error: { type: 'server_error' } })
    expect((await ask(createSandbox({ models: MODELS }), { model: 'gpt-5' })).status).toBe(404)
  })

  it('stops at once when cancelled', async () => {
    const flight = createSandbox({ models: sandboxModels(0.001) })({
      baseURL: 'sandbox:',
      path: '/chat/completions',
      headers: {},
      body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'x' }] }),
      timeouts: TIMEOUTS,
    })
    flight.cancel(new Fault('E_CANCELLED', 'enough'))
    await expect(flight.answer).rejects.toMatchObject({ code: 'E_CANCELLED' })
  })
})
