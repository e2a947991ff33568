import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Accepts, Request, Tool } from '../../../src/canonical/index.js'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'
import { codecFor } from '../../../src/wire/index.js'
import { clientBodies } from '../client-bodies.js'
import { assistant, call, conversations, requestOf, result, text, user } from '../neutral-requests.js'
import { targetOf } from '../targets.js'

interface Block {
  readonly type: string
  readonly id?: string
  readonly tool_use_id?: string
  readonly text?: string
  readonly cache_control?: unknown
  readonly [field: string]: unknown
}
interface Body {
  readonly system?: readonly Block[]
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[]
  readonly tools?: readonly { readonly name: string; readonly cache_control?: unknown; readonly input_schema?: unknown }[]
  readonly [field: string]: unknown
}

function write(request: Request, accepts: Partial<Accepts> = {}, rest: Parameters<typeof targetOf>[2] = {}) {
  const { body, losses } = anthropicMessages.writeRequest(request, targetOf('claude', accepts, { keepsReasoning: false, ...rest }))
  return { body: body as unknown as Body, losses }
}

/** Codex's own protocol with its vendor (`responses-lite`) hides the tools in the input: it is for that vendor only. */
const FOREIGN = (['openai-chat', 'openai-responses', 'gemini'] as const)
  .flatMap((format) => clientBodies(format).map((captured) => [captured.name, format, captured] as const))
  .filter(([name]) => !name.includes('responses-lite'))

/** The vendor's rules on messages, as its API enforces them. */
function expectLegal({ messages, system, tools }: Body): void {
  expect(messages.map(({ role }) => role)).toEqual(messages.map((_, i) => (i % 2 === 0 ? 'user' : 'assistant')))
  expect(messages.length).toBeGreaterThan(0)
  const ids = messages.flatMap(({ content }) => content.flatMap((block) => block.id ?? []))
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/)
  for (const [i, { role, content }] of messages.entries()) {
    expect(content.length).toBeGreaterThan(0)
    for (const block of content) if (block.type === 'text') expect(block.text).toMatch(/\S/)
    if (role !== 'user') continue
    const calls = (messages[i - 1]?.content ?? []).flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
    expect(content.slice(0, calls.length).map((block) => block.tool_use_id)).toEqual(calls)
    expect(content.slice(calls.length).some((block) => block.type === 'tool_result')).toBe(false)
  }
  const last = messages.at(-1)!
  expect(last.content.some((block) => block.type === 'tool_use')).toBe(false)
  if (last.role === 'assistant') expect(last.content.at(-1)?.text ?? '').not.toMatch(/\s$/)
  const marks = [...(tools ?? []), ...(system ?? []), ...messages.flatMap(({ content }) => content)].filter(
    (b) => b.cache_control !== undefined,
  )
  expect(marks.length).toBeLessThanOrEqual(4)
}

describe('a request of another format', () => {
  it('is legal, whatever the conversation', () => {
    fc.assert(
      fc.property(conversations, (messages) => {
        expectLegal(write(requestOf('openai-chat', messages)).body)
      }),
      { numRuns: 500 },
    )
  })

  it.each(FOREIGN)('of %s (%s) is legal and loses nothing that matters but hosted tools of one vendor', (_name, format, { body }) => {
    const request = codecFor(format).readRequest(body, { headers: {}, urlModel: 'm', urlStream: true })
    const written = write(request)
    expectLegal(written.body)
    const hosted = request.tools.filter((tool) => tool.type === 'hosted' && tool.search === undefined).map((tool) => `tools.${tool.name}`)
    expect(written.losses.filter((loss) => loss.matters).map((loss) => loss.field)).toEqual(hosted)
  })

  it('keeps results of parallel calls with their calls, in any order, errors and images included', () => {
    const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' } } as const
    const failed = result('b', 'boom', { isError: true, parts: [text('boom'), image] })
    const { body } = write(requestOf('openai-chat', [user('go'), assistant(call('a'), call('b')), failed, result('a'), user('and?')]))
    expect(body.messages[2]?.content).toMatchObject([
      { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'ran' }] },
      {
        type: 'tool_result',
        tool_use_id: 'b',
        is_error: true,
        content: [{ type: 'text' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }],
      },
      { type: 'text', text: 'and?' },
    ])
  })

  it('answers a call that nobody answered, and says so', () => {
    const { body, losses } = write(requestOf('openai-chat', [user('go'), assistant(call('a')), user('never mind')]))
    expect(body.messages[2]?.content[0]).toMatchObject({ type: 'tool_result', tool_use_id: 'a', is_error: true })
    expect(losses).toContainEqual({ field: 'tool-call a', why: 'It had no result; one saying so was added.', matters: false })
  })

  it('never sends a signature that another model made', () => {
    const reasoning = { type: 'reasoning', text: 'hm', signature: 'foreign' } as const
    const request = requestOf('openai-responses', [user('go'), assistant(reasoning, 'done'), user('more')])
    expect(JSON.stringify(write(request).body)).not.toContain('foreign')
    expect(write(request, {}, { keepsReasoning: true }).body.messages[1]?.content[0]).toEqual({
      type: 'thinking',
      thinking: 'hm',
      signature: 'foreign',
    })
  })

  it('says later instructions as the user, and earlier ones as the system', () => {
    const developer = { role: 'developer', parts: [text('be kind')] } as const
    const { body } = write(
      requestOf('openai-chat', [{ ...developer, role: 'system' }, developer, user('hi'), assistant('yes?'), developer]),
    )
    expect(body.system).toHaveLength(2)
    expect(body.messages.at(-1)).toMatchObject({ role: 'user', content: [{ text: 'be kind' }] })
  })
})

describe('the output limit, which the vendor requires', () => {
  const ask = requestOf('openai-chat', [user('hi')])
  it.each([
    ['is what the client set', { maxOutputTokens: 77 }, { maxOutput: 8000 }, null, 77],
    ['is the most the model writes when it set none', {}, { maxOutput: 8000 }, null, 8000],
    ['is 4096 when that is unknown', {}, {}, null, 4096],
    ['is clamped', { maxOutputTokens: 9000 }, { maxOutput: 8000 }, 500, 500],
  ] as const)('%s', (_name, rest, accepts, clampOutput, expected) => {
    expect(write({ ...ask, ...rest }, accepts, { clampOutput }).body.max_tokens).toBe(expected)
  })

  it('is the only thing added to a plain request', () => {
    expect(write(ask).body).toEqual({
      model: 'claude',
      max_tokens: 4096,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    })
  })
})

describe('prompt caching', () => {
  const tools: Tool[] = [{ type: 'function', name: 'run', schema: { type: 'object' } }]
  const history = [user('go'), assistant(call('a')), result('a')]
  const system = { role: 'system', parts: [text('rules')] } as const
  const marked = (blocks: readonly Block[] | undefined) => blocks?.map((block) => block.cache_control !== undefined)

  it('marks the system prompt, the turn before and the last turn of an agent', () => {
    const { body } = write(requestOf('openai-chat', [system, ...history], { tools }))
    expect(marked(body.system)).toEqual([true])
    expect(body.tools?.[0]?.cache_control).toBeUndefined()
    expect(body.messages.map(({ content }) => marked(content))).toEqual([[true], [false], [true]])
  })

  it('marks the last tool when there is no system prompt', () => {
    expect(write(requestOf('gemini', history, { tools })).body.tools?.[0]?.cache_control).toEqual({ type: 'ephemeral' })
  })

  it('marks a question without history or tools at its system prompt only', () => {
    const { body } = write(requestOf('openai-chat', [system, user('hi')]))
    expect(marked(body.system)).toEqual([true])
    expect(marked(body.messages[0]?.content)).toEqual([false])
  })

  it("leaves the client's own marks as they are, the last four of them", () => {
    const cached = Array.from({ length: 6 }, (_, i) => ({ ...text(`part ${i}`), cache: { ttl: '1h' } }) as const)
    const { body } = write(requestOf('openai-chat', [system, user(...cached)], { tools }))
    expect(marked(body.system)).toEqual([false])
    expect(marked(body.messages[0]?.content)).toEqual([false, false, true, true, true, true])
    expect(body.messages[0]?.content[5]?.cache_control).toEqual({ type: 'ephemeral', ttl: '1h' })
  })
})

describe('how hard to think', () => {
  const ask = requestOf('openai-chat', [user('hi')], { maxOutputTokens: 20_000, reasoning: { effort: 'high' } })
  it.each([
    ['a budget', { thinking: 'budget', efforts: [] }, { thinking: { type: 'enabled', budget_tokens: 16_000 } }],
    ['its own judgement', { thinking: 'adaptive' }, { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }],
    ['effort', { thinking: 'effort', efforts: ['low', 'medium'] }, { output_config: { effort: 'medium' } }],
    ['nothing', { thinking: 'none', efforts: [] }, {}],
  ] as const)('is said to a model that takes %s', (_name, accepts, expected) => {
    const { thinking, output_config } = write(ask, accepts).body
    expect(JSON.parse(JSON.stringify({ thinking, output_config }))).toEqual(expected)
  })

  it('gives way to a forced tool call and to an open loop without signed reasoning', () => {
    const tools: Tool[] = [{ type: 'function', name: 'run', schema: { type: 'object' } }]
    expect(write({ ...ask, tools, toolChoice: 'required' }, { thinking: 'budget' }).body.thinking).toBeUndefined()
    const loop = [user('go'), assistant(call('a')), result('a')]
    expect(write({ ...ask, tools, messages: loop }, { thinking: 'budget' }).body.thinking).toBeUndefined()
    expect(write({ ...ask, tools, messages: loop }, { thinking: 'adaptive' }).body.thinking).toEqual({ type: 'adaptive' })
  })

  it('leaves no sampling that thinking excludes', () => {
    const sampling = { temperature: 0.2, topK: 10, topP: 0.5 }
    const { body, losses } = write({ ...ask, sampling }, { thinking: 'adaptive' })
    expect([body.temperature, body.top_k, body.top_p]).toEqual([undefined, undefined, undefined])
    expect(losses.map((loss) => loss.field)).toEqual(['temperature', 'top_k', 'top_p'])
  })
})

describe('what the vendor has no word for', () => {
  it('is listed, and as mattering where it changes the answer', () => {
    const sampling = { seed: 1, frequencyPenalty: 1, presencePenalty: 1, logitBias: { '1': 2 }, n: 2, logprobs: true, temperature: 1.5 }
    const { losses } = write(requestOf('openai-chat', [user('hi')], { sampling, output: { type: 'json' }, serviceTier: 'flex' }))
    expect(losses.filter((loss) => loss.matters).map((loss) => loss.field)).toEqual(['response_format', 'logprobs', 'n'])
    expect(losses.filter((loss) => !loss.matters).map((loss) => loss.field)).toEqual([
      'service_tier',
      'frequencyPenalty',
      'presencePenalty',
      'seed',
      'logitBias',
      'temperature',
    ])
  })

  it('is a closed schema without bounds; they go into the description', () => {
    const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 0, description: 'years' } }, required: ['age'] }
    const output = { type: 'json-schema', schema, name: 'person', strict: true } as const
    expect(write(requestOf('openai-chat', [user('hi')], { output })).body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { age: { type: 'integer', description: 'years\n\n{minimum: 0}' } },
          required: ['age'],
          additionalProperties: false,
        },
      },
    })
  })

  it('is a schema of alternatives, references and formats, as far as the vendor knows them', () => {
    const name = { type: 'string', format: 'email', minLength: 3 }
    const schema = {
      type: 'object',
      properties: {
        who: { oneOf: [name, { type: 'object', properties: { id: { type: 'string', format: 'phone' } } }], default: null },
        many: { type: 'array', items: { $ref: '#/$defs/name', description: 'x' }, minItems: 1 },
        more: { type: 'array', items: true, minItems: 2 },
      },
      $defs: { name },
    }
    const output = { type: 'json-schema', schema, name: 'person' } as const
    const fitted = { type: 'string', format: 'email', description: '{minLength: 3}' }
    expect(write(requestOf('openai-chat', [user('hi')], { output })).body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: {
            who: {
              anyOf: [
                fitted,
                {
                  type: 'object',
                  properties: { id: { type: 'string', description: '{format: "phone"}' } },
                  additionalProperties: false,
                },
              ],
              description: '{default: null}',
            },
            many: { type: 'array', items: { $ref: '#/$defs/name' }, minItems: 1 },
            more: { type: 'array', items: true, description: '{minItems: 2}' },
          },
          $defs: { name: fitted },
          additionalProperties: false,
        },
      },
    })
  })

  it('is a tool of another vendor’s servers', () => {
    const tools: Tool[] = [{ type: 'hosted', name: 'web_search', format: 'openai-responses', value: { type: 'web_search' } }]
    const { body, losses } = write(requestOf('openai-responses', [user('hi')], { tools, toolChoice: 'auto' }))
    expect(body.tools).toBeUndefined()
    expect(body.tool_choice).toBeUndefined()
    expect(losses).toMatchObject([{ field: 'tools.web_search', matters: true }])
  })
})
