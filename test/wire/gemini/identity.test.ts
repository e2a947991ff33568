import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gemini } from '../../../src/wire/gemini/index.js'
import { clientBodies } from '../client-bodies.js'
import { targetOf } from '../targets.js'

function roundTrip(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const request = gemini.readRequest(body, { headers: {}, urlModel: 'gemini-2.5-pro', urlStream: true })
  expect(request).toMatchObject({ model: 'gemini-2.5-pro', stream: true })
  const { body: written, losses } = gemini.writeRequest(request, targetOf('gemini-2.5-pro', { thinking: 'adaptive' }))
  expect(losses).toEqual([])
  return written
}

const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined })
const words = fc.string({ minLength: 1 })
const unknown = maybe(fc.constantFrom<unknown>(1, 'x', null, [], { someKey: [1] }))
const object = fc.dictionary(words, fc.jsonValue(), { maxKeys: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as object)
const signature = maybe(fc.constantFrom('U0lH', 'QQ=='))

const text = fc.record({
  text: fc.string(),
  thought: maybe(fc.constantFrom(true, false)),
  thoughtSignature: signature,
  partMetadata: unknown,
})
const call = fc.record({
  functionCall: fc.record({ name: words, id: maybe(words), args: maybe(object), willContinue: maybe(fc.boolean()) }),
  thoughtSignature: signature,
})
const media = fc.constantFrom<object>(
  { inlineData: { mimeType: 'image/png', data: 'iVBORw0=' } },
  { inlineData: { mimeType: 'audio/wav', data: 'UklG' } },
  { inlineData: { mimeType: 'application/pdf', data: 'JVBE', displayName: 'a.pdf' } },
  { inlineData: { mimeType: 'image/png' } },
  { fileData: { fileUri: 'https://x.test/a.png', mimeType: 'image/png' } },
  { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc', mimeType: 'video/mp4' }, videoMetadata: { fps: 1 } },
  { fileData: { fileUri: 'gs://b/a' } },
  { executableCode: { language: 'PYTHON', code: 'print(1)' } },
  { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
)
const response = fc.record({
  functionResponse: fc.record({
    name: words,
    id: maybe(words),
    response: maybe(
      fc.oneof(
        object,
        fc.constantFrom<object>(
          { output: 'ran' },
          { error: 'failed' },
          { name: 'x', content: 'ran' },
          { output: 'ran', code: 0 },
          { result: [1] },
        ),
      ),
    ),
    parts: maybe(fc.array(media, { maxLength: 2 })),
    scheduling: maybe(fc.constant('SILENT')),
  }),
})
const parts = (part: fc.Arbitrary<object>) => fc.array(part, { maxLength: 4 })
const content = fc.oneof(
  fc.record({ role: maybe(fc.constantFrom('user', 'function')), parts: maybe(parts(fc.oneof(text, media, response))), later: unknown }),
  fc.record({ role: fc.constant('model'), parts: parts(fc.oneof(text, call, media)) }),
)
const declaration = fc.record({
  name: words,
  description: maybe(words),
  parameters: maybe(fc.constantFrom<object>({ type: 'OBJECT', properties: { a: { type: 'STRING', nullable: true } } }, { type: 'object' })),
  parametersJsonSchema: maybe(fc.constantFrom<object>({ type: 'object', properties: { a: { type: 'string' } } })),
  behavior: maybe(fc.constant('BLOCKING')),
})
const tool = fc.oneof(
  fc.record({ functionDeclarations: fc.array(declaration, { minLength: 1, maxLength: 3 }), codeExecution: maybe(fc.constant({})) }),
  fc.constantFrom<object>({ googleSearch: {} }, { urlContext: {}, googleSearch: {} }),
)
const body = fc.record({
  contents: fc.array(content, { maxLength: 5 }),
  systemInstruction: maybe(fc.record({ parts: parts(text), role: maybe(fc.constantFrom('user', 'system')) })),
  tools: maybe(fc.array(tool, { maxLength: 3 })),
  toolConfig: maybe(
    fc.constantFrom<object>(
      {},
      { functionCallingConfig: { mode: 'AUTO' } },
      { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a'] } },
      { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a', 'b'] } },
      { functionCallingConfig: { mode: 'VALIDATED' }, retrievalConfig: {} },
      { functionCallingConfig: { mode: 'NONE' } },
    ),
  ),
  generationConfig: maybe(
    fc.record({
      temperature: maybe(fc.constantFrom(0, 1, null)),
      topP: maybe(fc.constantFrom(0.95)),
      topK: maybe(fc.constantFrom(64)),
      maxOutputTokens: maybe(fc.nat()),
      stopSequences: maybe(fc.array(words, { maxLength: 2 })),
      candidateCount: maybe(fc.constantFrom(1, 2)),
      seed: maybe(fc.integer()),
      responseLogprobs: maybe(fc.boolean()),
      logprobs: maybe(fc.nat(5)),
      responseMimeType: maybe(fc.constantFrom('application/json', 'text/x.enum')),
      responseSchema: maybe(fc.constant({ type: 'OBJECT', properties: { a: { type: 'INTEGER' } }, propertyOrdering: ['a'] })),
      responseModalities: maybe(fc.constant(['TEXT'])),
      thinkingConfig: maybe(
        fc.constantFrom<object>(
          {},
          { thinkingBudget: -1, includeThoughts: true },
          { thinkingBudget: 0 },
          { thinkingLevel: 'low' },
          { thinkingLevel: 'HIGH' },
        ),
      ),
    }),
  ),
  safetySettings: maybe(fc.constant([{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }])),
  cachedContent: maybe(words),
  labels: maybe(fc.constant({ a_b: 'c' })),
})

describe('reading and writing a request in its own format changes nothing', () => {
  it.each(clientBodies('gemini').map((captured) => [captured.name, captured.body] as const))('of %s', (_name, captured) => {
    expect(roundTrip(captured)).toEqual(captured)
  })

  it('of any body', () => {
    fc.assert(
      fc.property(body, (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
        expect(roundTrip(json)).toStrictEqual(json)
      }),
      { numRuns: 400 },
    )
  })

  it('of a body in snake case, but for the spelling of its own names', () => {
    const schema = { type: 'OBJECT', properties: { file_path: { type: 'STRING' } } }
    const written = roundTrip({
      system_instruction: { parts: { text: 'Be brief.' } },
      contents: [
        { role: 'model', parts: [{ function_call: { name: 'a_b', args: { file_path: 'x' } } }] },
        { role: 'user', parts: [{ inline_data: { mime_type: 'image/png', data: 'AA==' } }] },
      ],
      tools: [{ function_declarations: [{ name: 'a_b', parameters: schema }] }],
      generation_config: { max_output_tokens: 9, response_mime_type: 'application/json', response_schema: schema },
    })
    expect(written).toEqual({
      systemInstruction: { parts: { text: 'Be brief.' } },
      contents: [
        { role: 'model', parts: [{ functionCall: { name: 'a_b', args: { file_path: 'x' } } }] },
        { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
      ],
      tools: [{ functionDeclarations: [{ name: 'a_b', parameters: schema }] }],
      generationConfig: { maxOutputTokens: 9, responseMimeType: 'application/json', responseSchema: schema },
    })
  })
})
