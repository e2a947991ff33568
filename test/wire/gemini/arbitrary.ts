import fc from 'fast-check'

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
/** Bodies of the format with every field it has, and some it has not. */
export const geminiBody = fc.record({
  contents: fc.array(content, { minLength: 1, maxLength: 5 }),
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
