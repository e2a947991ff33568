import fc from 'fast-check'

const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined })
const words = fc.string({ minLength: 1 })
const textPart = fc.record({
  type: fc.constant('text'),
  text: words,
  cache_control: maybe(fc.constantFrom({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' })),
})
const imagePart = fc.record({
  type: fc.constant('image_url'),
  image_url: fc.record({
    url: fc.constantFrom(
      'https://x.test/a.png',
      'data:image/png;base64,iVBORw0=',
      'data:image/svg+xml,<svg/>',
      'data:image/png;name=a;base64,AA',
    ),
    detail: maybe(fc.constantFrom('low', 'high')),
  }),
})
const audioPart = fc.record({
  type: fc.constant('input_audio'),
  input_audio: fc.record({ data: words, format: fc.constantFrom('wav', 'mp3') }),
})
const filePart = fc.record({
  type: fc.constant('file'),
  file: fc.constantFrom<object>(
    { file_id: 'file-1' },
    { file_data: 'data:application/pdf;base64,JVBE', filename: 'a.pdf' },
    { file_url: 'x' },
  ),
})
const otherPart = fc.record({ type: fc.constant('video_url'), video_url: fc.record({ url: words }) })
const toolCall = fc.oneof(
  fc.record({
    id: words,
    type: fc.constant('function'),
    function: fc.record({ name: words, arguments: fc.json() }),
    extra_content: maybe(fc.constant({ google: { thought_signature: 'c2ln' } })),
  }),
  fc.record({ id: words, type: fc.constant('custom'), custom: fc.record({ name: words, input: fc.string() }) }),
)
const details = fc.array(
  fc.constantFrom<object>(
    { type: 'reasoning.text', text: 'I think', signature: 'sig', format: 'anthropic-claude-v1', index: 0 },
    { type: 'reasoning.summary', summary: 'in short', id: 'rs_1' },
    { type: 'reasoning.encrypted', data: 'ZW5j', id: 'rs_2' },
  ),
  { maxLength: 3 },
)
const content = (part: fc.Arbitrary<object>) => fc.oneof(fc.string(), fc.array(part, { maxLength: 3 }))
const thinkingPart = fc.record({
  type: fc.constant('thinking'),
  thinking: fc.array(textPart, { maxLength: 2 }),
  closed: maybe(fc.boolean()),
})
const message = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'developer'), content: content(textPart), name: maybe(words) }),
  fc.record({
    role: fc.constant('user'),
    content: content(fc.oneof(textPart, imagePart, audioPart, filePart, otherPart)),
    name: maybe(words),
  }),
  fc.record({
    role: fc.constant('assistant'),
    content: maybe(
      fc.oneof(fc.constant(null), content(fc.oneof(textPart, thinkingPart, fc.record({ type: fc.constant('refusal'), refusal: words })))),
    ),
    refusal: maybe(fc.oneof(fc.constant(null), fc.string())),
    reasoning_content: maybe(fc.oneof(fc.constant(null), fc.string())),
    reasoning: maybe(fc.oneof(fc.constant(null), fc.string())),
    reasoning_details: maybe(fc.oneof(fc.constant(null), details)),
    tool_calls: maybe(fc.oneof(fc.constant(null), fc.array(toolCall, { maxLength: 3 }))),
    audio: maybe(fc.constant({ id: 'audio_1' })),
    annotations: maybe(fc.constant([])),
  }),
  fc.record({ role: fc.constant('tool'), tool_call_id: words, content: content(textPart), name: maybe(words) }),
)
const tool = fc.oneof(
  fc.record({
    type: fc.constant('function'),
    function: fc.record({
      name: words,
      description: maybe(fc.oneof(fc.constant(null), fc.string())),
      parameters: maybe(fc.oneof(fc.constant(null), fc.constant({ type: 'object', properties: { a: { type: 'string' } } }))),
      strict: maybe(fc.oneof(fc.constant(null), fc.boolean())),
      'x-inner': maybe(fc.integer()),
    }),
    cache_control: maybe(fc.constant({ type: 'ephemeral' })),
  }),
  fc.record({ type: fc.constant('custom'), custom: fc.record({ name: words, format: maybe(fc.constant({ type: 'text' })) }) }),
  fc.constant({ type: 'web_search', user_location: { country: 'DE' } }),
)
/** Bodies as clients may write them, every spelling included. */
export const chatBody = fc.record({
  model: words,
  messages: fc.array(message, { minLength: 1, maxLength: 6 }),
  // An empty list is left out, as OpenAI refuses it.
  tools: maybe(fc.array(tool, { minLength: 1, maxLength: 3 })),
  tool_choice: maybe(
    fc.constantFrom<unknown>(
      'auto',
      'none',
      'required',
      null,
      { type: 'function', function: { name: 'f' } },
      { type: 'custom', custom: { name: 'f' } },
      { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] } },
    ),
  ),
  parallel_tool_calls: maybe(fc.boolean()),
  response_format: maybe(
    fc.constantFrom<object>(
      { type: 'text' },
      { type: 'json_object' },
      { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' }, strict: true, description: 'd' } },
      { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' }, strict: null } },
    ),
  ),
  temperature: maybe(
    fc.oneof(
      fc.constant(null),
      fc.double({ noNaN: true, min: 0, max: 2 }).map((n) => n || 0),
    ),
  ),
  top_p: maybe(fc.constantFrom(0.5, 1)),
  stop: maybe(fc.oneof(fc.constant(null), fc.string(), fc.array(fc.string()))),
  logit_bias: maybe(fc.constant({ '50256': -100 })),
  n: maybe(fc.integer({ min: 1, max: 4 })),
  max_tokens: maybe(fc.integer({ min: 1 })),
  reasoning_effort: maybe(fc.constantFrom('none', 'low', 'max', null)),
  reasoning: maybe(fc.constantFrom<object>({ effort: 'high', exclude: true }, { max_tokens: 2000 }, { enabled: false })),
  thinking: maybe(fc.constantFrom({ type: 'enabled' }, { type: 'disabled' })),
  stream: maybe(fc.boolean()),
  stream_options: maybe(fc.constantFrom<object | null>({ include_usage: true }, { include_usage: true, include_obfuscation: false }, null)),
  user: maybe(fc.string()),
  prompt_cache_key: maybe(fc.string()),
  service_tier: maybe(fc.constantFrom('auto', 'flex')),
  metadata: maybe(fc.dictionary(fc.string(), fc.string())),
  vendor_field: maybe(fc.jsonValue()),
})
