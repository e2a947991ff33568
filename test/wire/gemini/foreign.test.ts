import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Accepts, Request, Tool } from '../../../src/canonical/index.js'
import { gemini } from '../../../src/wire/gemini/index.js'
import { codecFor } from '../../../src/wire/index.js'
import { clientBodies } from '../client-bodies.js'
import { assistant, call, conversations, requestOf, result, text, user } from '../neutral-requests.js'
import { targetOf } from '../targets.js'

interface WirePart {
  readonly functionCall?: { readonly id: string; readonly name: string }
  readonly functionResponse?: { readonly id: string; readonly name: string }
  readonly thoughtSignature?: string
  readonly text?: string
}
interface Body {
  readonly contents: readonly { readonly role: string; readonly parts: readonly WirePart[] }[]
  readonly [field: string]: unknown
}

const SENTINEL = 'skip_thought_signature_validator'

function write(request: Request, accepts: Partial<Accepts> = {}, keepsReasoning = false) {
  const { body, losses } = gemini.writeRequest(request, targetOf('gemini', { thinking: 'budget', ...accepts }, { keepsReasoning }))
  return { body: body as unknown as Body, losses }
}

/** The vendor's rules: turns alternate, and a turn of calls is answered one by one in the next. */
function expectLegal({ contents }: Body): void {
  expect(contents.map(({ role }) => role)).toEqual(contents.map((_, i) => (i % 2 === 0 ? 'user' : 'model')))
  for (const [i, { role, parts }] of contents.entries()) {
    expect(parts.length).toBeGreaterThan(0)
    if (role !== 'user') continue
    const calls = (contents[i - 1]?.parts ?? []).flatMap((part) => part.functionCall ?? [])
    const responses = parts.flatMap((part) => part.functionResponse ?? [])
    expect(responses.map(({ id, name }) => [id, name])).toEqual(calls.map(({ id, name }) => [id, name]))
  }
  expect(contents.at(-1)?.parts.some((part) => part.functionCall !== undefined)).toBe(false)
}

/** Codex's own protocol with its vendor (`responses-lite`) hides the tools in the input: it is for that vendor only. */
const FOREIGN = (['openai-chat', 'openai-responses', 'anthropic-messages'] as const)
  .flatMap((format) => clientBodies(format).map((captured) => [captured.name, format, captured] as const))
  .filter(([name]) => !name.includes('responses-lite'))

describe('a request of another format', () => {
  it('is legal, whatever the conversation', () => {
    fc.assert(
      fc.property(conversations, fc.constantFrom('budget' as const, 'effort' as const), (messages, thinking) => {
        expectLegal(write(requestOf('openai-chat', messages), { thinking }).body)
      }),
      { numRuns: 500 },
    )
  })

  it('of Codex may search and call functions in one turn, which the vendor refuses unless told so', () => {
    const [, , { body }] = FOREIGN.find(([name]) => name.includes('codex') && name.includes('custom-provider'))!
    const request = codecFor('openai-responses').readRequest(body, { headers: {} })
    expect(write(request).body).toMatchObject({
      tools: expect.arrayContaining([{ googleSearch: {} }, { functionDeclarations: expect.anything() }]),
      toolConfig: { includeServerSideToolInvocations: true, functionCallingConfig: { mode: 'VALIDATED' } },
    })
    expect(write({ ...request, tools: request.tools.filter((tool) => tool.type !== 'hosted') }).body.toolConfig).toEqual({
      functionCallingConfig: { mode: 'AUTO' },
    })
  })

  it.each(FOREIGN)('of %s (%s) is legal and loses nothing that matters but hosted tools of one vendor', (_name, format, { body }) => {
    const request = codecFor(format).readRequest(body, { headers: {} })
    const written = write(request)
    expectLegal(written.body)
    const hosted = request.tools.filter((tool) => tool.type === 'hosted' && tool.search === undefined).map((tool) => `tools.${tool.name}`)
    expect(written.losses.filter((loss) => loss.matters).map((loss) => loss.field)).toEqual(hosted)
    expect(JSON.stringify(written.body)).not.toMatch(/cache_control|x-anthropic-billing-header|U0lHTkFUVVJF/)
  })

  it('adds nothing to a plain one', () => {
    expect(write(requestOf('openai-chat', [user('hi')])).body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] })
  })

  it('names the function in each result, and says which failed', () => {
    const failed = result('b', 'boom', { isError: true })
    const { body } = write(requestOf('openai-chat', [user('go'), assistant(call('a', 'read'), call('b', 'write')), failed, result('a')]))
    expect(body.contents[2]?.parts).toEqual([
      { functionResponse: { id: 'a', name: 'read', response: { output: 'ran' } } },
      { functionResponse: { id: 'b', name: 'write', response: { error: 'boom' } } },
    ])
  })

  it('puts an image of a result inside it where the model takes that, else beside it', () => {
    const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' } } as const
    const request = requestOf('openai-chat', [user('go'), assistant(call('a')), result('a', '', { parts: [text('see'), image] })])
    const inline = { inlineData: { mimeType: 'image/png', data: 'AA==' } }
    const response = { id: 'a', name: 'run', response: { output: 'see' } }
    expect(write(request).body.contents[2]?.parts).toEqual([{ functionResponse: response }, inline])
    expect(write(request, { thinking: 'effort' }).body.contents[2]?.parts).toEqual([{ functionResponse: { ...response, parts: [inline] } }])
  })

  it('says its tools as JSON schema, and any choice among them', () => {
    const tools: Tool[] = ['a', 'b'].map((name) => ({ type: 'function', name, description: name, schema: { type: 'object' } }))
    const ask = requestOf('openai-chat', [user('hi')], { tools })
    const modes = (['auto', 'none', 'required', { name: 'a' }, { allowed: ['a', 'b'], mode: 'required' }] as const).map(
      (toolChoice) => write({ ...ask, toolChoice }).body.toolConfig,
    )
    expect(modes).toEqual([
      { functionCallingConfig: { mode: 'AUTO' } },
      { functionCallingConfig: { mode: 'NONE' } },
      { functionCallingConfig: { mode: 'ANY' } },
      { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a'] } },
      { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a', 'b'] } },
    ])
    expect(write(ask).body.tools).toEqual([
      { functionDeclarations: ['a', 'b'].map((name) => ({ name, description: name, parametersJsonSchema: { type: 'object' } })) },
    ])
  })

  it('carries sampling, schema and several answers', () => {
    const sampling = { temperature: 0.5, topP: 0.9, seed: 7, stop: ['x'], n: 2, logprobs: true, topLogprobs: 3, frequencyPenalty: 1 }
    const output = { type: 'json-schema', schema: { type: 'object' } } as const
    expect(write(requestOf('openai-chat', [user('hi')], { sampling, output, maxOutputTokens: 50 })).body.generationConfig).toEqual({
      temperature: 0.5,
      topP: 0.9,
      seed: 7,
      stopSequences: ['x'],
      candidateCount: 2,
      responseLogprobs: true,
      logprobs: 3,
      frequencyPenalty: 1,
      maxOutputTokens: 50,
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object' },
    })
    const alternatives = requestOf('openai-chat', [user('hi')], { sampling: { logprobs: false, topLogprobs: 3 } })
    expect(write(alternatives).body.generationConfig).toEqual({ responseLogprobs: false })
  })
})

describe('how hard to think', () => {
  it.each([
    ['a budget', { effort: 'high' }, { thinking: 'budget' }, { thinkingBudget: 24_576 }],
    [
      'the budget asked for',
      { mode: 'enabled', budgetTokens: 5000, summary: 'auto' },
      { thinking: 'budget' },
      { thinkingBudget: 5000, includeThoughts: true },
    ],
    ['not to', { mode: 'off' }, { thinking: 'budget' }, { thinkingBudget: 0 }],
    ['the least, where it always thinks', { mode: 'off' }, { thinking: 'budget', efforts: ['low', 'high'] }, { thinkingBudget: 128 }],
    ['a level', { effort: 'max' }, { thinking: 'effort', efforts: ['low', 'high'] }, { thinkingLevel: 'HIGH' }],
    [
      'a level for a budget',
      { mode: 'enabled', budgetTokens: 5000 },
      { thinking: 'effort', efforts: ['low', 'high'] },
      { thinkingLevel: 'LOW' },
    ],
    ['nothing', { effort: 'high' }, { thinking: 'none' }, undefined],
  ] as const)('is said as %s', (_name, reasoning, accepts, expected) => {
    const { generationConfig } = write(requestOf('openai-chat', [user('hi')], { reasoning }), accepts).body
    expect((generationConfig as { thinkingConfig?: unknown } | undefined)?.thinkingConfig).toEqual(expected)
  })
})

describe('signatures of calls', () => {
  const signed = { ...call('a'), signature: 'mine' } as ReturnType<typeof call>
  const open = [user('go'), assistant(signed, call('b')), result('a'), result('b')]
  const signatures = (body: Body) =>
    body.contents.flatMap(({ parts }) => parts.flatMap((part) => (part.functionCall ? [part.thoughtSignature] : [])))

  it('come back to the model that made them', () => {
    expect(signatures(write(requestOf('gemini', open), { thinking: 'effort' }, true).body)).toEqual(['mine', undefined])
    expect(signatures(write(requestOf('openai-chat', open), { thinking: 'effort' }, true).body)).toEqual(['mine', undefined])
  })

  it('come back from a client of Anthropic’s format, where they stand in an empty thinking block', () => {
    const lead = { type: 'reasoning', text: '', signature: 'mine' } as const
    const { body } = write(
      requestOf('anthropic-messages', [user('go'), assistant(lead, call('a')), result('a')]),
      { thinking: 'effort' },
      true,
    )
    expect(body.contents[1]?.parts).toMatchObject([{ functionCall: { id: 'a' }, thoughtSignature: 'mine' }])
  })

  it('of another model are replaced in an open loop by the one that says so, and dropped before it', () => {
    const { body } = write(requestOf('openai-chat', [...open, assistant('done'), user('go on'), ...open.slice(1)]), { thinking: 'effort' })
    expect(signatures(body)).toEqual([undefined, undefined, SENTINEL, undefined])
  })

  it('are not made up for a model that does not ask for them', () => {
    expect(signatures(write(requestOf('openai-chat', open)).body)).toEqual([undefined, undefined])
  })
})
