import { describe, expect, it } from 'vitest'
import type { Accepts } from '../../../src/canonical/index.js'
import { WIRE_FORMATS } from '../../../src/canonical/index.js'
import { gemini } from '../../../src/wire/gemini/index.js'
import { codecFor, spliceBody } from '../../../src/wire/index.js'
import { clientBodies } from '../client-bodies.js'
import { targetOf } from '../targets.js'

type Json = Record<string, unknown>

function relay(body: Json, accepts: Partial<Accepts> = {}, rest: Parameters<typeof targetOf>[2] = {}) {
  const splices = gemini.relaySplices(body, targetOf('m', { thinking: 'budget', ...accepts }, rest))
  const sent = JSON.parse(spliceBody(Buffer.from(JSON.stringify(body)), body, splices).toString()) as Json
  return { sent, splices }
}

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]

describe('a body relayed in its own format', () => {
  it.each(clientBodies('gemini').map((c) => [c.name, c.body] as const))(
    'of %s changes in nothing: the model stands in the path',
    (_name, body) => {
      expect(gemini.relaySplices(body, targetOf('another-model', { thinking: 'budget' }))).toEqual([])
    },
  )

  it('is clamped, in either spelling', () => {
    expect(relay({ contents, generationConfig: { maxOutputTokens: 900 } }, {}, { clampOutput: 100 }).sent).toEqual({
      contents,
      generationConfig: { maxOutputTokens: 100 },
    })
    expect(relay({ contents, generation_config: { max_output_tokens: 900 } }, {}, { clampOutput: 100 }).sent).toEqual({
      contents,
      generation_config: { max_output_tokens: 100 },
    })
  })

  it('asks no more than the model writes', () => {
    const body = { contents, generationConfig: { maxOutputTokens: 900 } }
    expect(relay(body, { maxOutput: 800 }).sent).toEqual({ contents, generationConfig: { maxOutputTokens: 800 } })
    expect(relay({ contents, generationConfig: {} }, { maxOutput: 800 }).sent).toEqual({ contents, generationConfig: {} })
  })

  it('loses the parameters that the model refuses', () => {
    const generationConfig = { temperature: 1, topK: 1, candidateCount: 2, responseLogprobs: true, logprobs: 2 }
    expect(relay({ contents, generationConfig }, { refuses: ['temperature', 'top_k', 'n', 'logprobs'] }).sent).toEqual({
      contents,
      generationConfig: {},
    })
  })

  it('tells a model of another generation how to think in its own words', () => {
    const level = { contents, generationConfig: { thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true } } }
    expect(relay(level).sent.generationConfig).toEqual({ thinkingConfig: { thinkingBudget: 1024, includeThoughts: true } })
    const budget = { contents, generationConfig: { thinkingConfig: { thinkingBudget: 20_000 } } }
    expect(relay(budget, { thinking: 'effort', efforts: ['low', 'high'], refuses: ['thinking_budget'] }).sent.generationConfig).toEqual({
      thinkingConfig: { thinkingLevel: 'HIGH' },
    })
    const off = { contents, generationConfig: { thinkingConfig: { thinkingBudget: 0 } } }
    for (const [thinking, least] of [
      ['budget', { thinkingBudget: 128 }],
      ['effort', { thinkingLevel: 'LOW' }],
    ] as const) {
      expect(relay(off, { thinking, efforts: ['low', 'high'] }).sent.generationConfig).toEqual({ thinkingConfig: least })
    }
    expect(relay(budget, { thinking: 'none', refuses: ['thinking_budget'] }).sent.generationConfig).toEqual({})
  })

  it('cannot force a call where the model refuses it, and says that this matters', () => {
    const toolConfig = { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a'] } }
    const { sent, splices } = relay({ contents, toolConfig }, { refuses: ['forced_tool_choice'] })
    expect(sent.toolConfig).toEqual({ functionCallingConfig: { mode: 'AUTO' } })
    expect(splices).toMatchObject([{ matters: true }])
  })

  it('names the model in the body where an old client repeats it there', () => {
    expect(relay({ model: 'models/asked', contents }).sent.model).toBe('models/m')
  })
})

describe('signatures', () => {
  const signedCall = { functionCall: { name: 'run', args: {} }, thoughtSignature: 'c2ln' }
  const loop = [
    ...contents,
    { role: 'model', parts: [{ text: 'hm', thought: true, thoughtSignature: 'QQ==' }, signedCall, { functionCall: { name: 'run' } }] },
    { role: 'user', parts: [{ functionResponse: { name: 'run', response: {} } }, { functionResponse: { name: 'run', response: {} } }] },
  ]

  it('stay with the model that made them', () => {
    expect(relay({ contents: loop }, { thinking: 'effort' }).splices).toEqual([])
  })

  it('are dropped for another model; where it wants one, it gets the one for foreign calls', () => {
    const parts = (sent: Json) => (sent.contents as { parts: unknown[] }[])[1]?.parts
    const call = { functionCall: { name: 'run', args: {} } }
    expect(parts(relay({ contents: loop }, {}, { keepsReasoning: false }).sent)).toMatchObject([{ text: 'hm', thought: true }, call, {}])
    expect(JSON.stringify(relay({ contents: loop }, {}, { keepsReasoning: false }).sent)).not.toContain('thoughtSignature')
    expect(parts(relay({ contents: loop }, { thinking: 'effort' }, { keepsReasoning: false }).sent)).toEqual([
      { text: 'hm', thought: true },
      { ...call, thoughtSignature: 'skip_thought_signature_validator' },
      { functionCall: { name: 'run' } },
    ])
  })

  it('that stand for nobody’s, as Gemini CLI puts them on calls without one, stay here and reach no other format', () => {
    const stand = { functionCall: { name: 'run', args: {} }, thoughtSignature: 'skip_thought_signature_validator' }
    const body = {
      contents: [
        ...contents,
        { role: 'model', parts: [stand] },
        { role: 'user', parts: [{ functionResponse: { name: 'run', response: {} } }] },
      ],
    }
    for (const keepsReasoning of [true, false]) {
      expect(relay(body, {}, { keepsReasoning }).splices).toEqual([])
      for (const codec of WIRE_FORMATS.map(codecFor)) {
        if (codec.format === 'gemini') continue
        const request = gemini.readRequest(body, { headers: {}, urlModel: 'm' })
        expect(JSON.stringify(codec.writeRequest(request, targetOf('m', {}, { keepsReasoning })).body)).not.toContain('skip_thought')
      }
    }
  })
})
