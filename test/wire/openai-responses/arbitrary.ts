import fc from 'fast-check'

const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined })
const words = fc.string({ minLength: 1 })
const inputPart = fc.oneof(
  fc.record({ type: fc.constantFrom('input_text', 'text', 'output_text'), text: fc.string() }),
  fc.record({
    type: fc.constant('input_image'),
    image_url: fc.constantFrom('https://x.test/a.png', 'data:image/png;base64,iVBORw0='),
    detail: maybe(fc.constantFrom('auto', 'high')),
  }),
  fc.constantFrom<object>(
    { type: 'input_image', file_id: 'file-1' },
    { type: 'input_file', file_id: 'file-1', filename: 'a.pdf' },
    { type: 'input_file', file_url: 'https://x.test/a.pdf' },
    { type: 'input_file', file_data: 'data:application/pdf;base64,JVBE', filename: 'a.pdf' },
    { type: 'input_file', file_data: 'JVBE', filename: 'a.pdf' },
    { type: 'input_audio', input_audio: { data: 'UklG', format: 'wav' } },
    { type: 'input_video', url: 'x' },
  ),
)
const outputPart = fc.oneof(
  fc.record({ type: fc.constant('output_text'), text: fc.string(), annotations: maybe(fc.constant([])), logprobs: maybe(fc.constant([])) }),
  fc.record({ type: fc.constant('refusal'), refusal: fc.string() }),
)
const id = maybe(fc.constantFrom('msg_1', 'rs_1', 'fc_1'))
const item = fc.oneof(
  fc.record({
    type: maybe(fc.constant('message')),
    id,
    role: fc.constantFrom('user', 'developer', 'system'),
    content: fc.oneof(fc.string(), fc.array(inputPart, { maxLength: 3 })),
  }),
  fc.record({
    type: maybe(fc.constant('message')),
    id,
    status: maybe(fc.constant('completed')),
    role: fc.constant('assistant'),
    content: fc.oneof(fc.string(), fc.array(outputPart, { maxLength: 3 })),
    phase: maybe(fc.constant('commentary')),
  }),
  fc.record({
    type: fc.constant('reasoning'),
    id,
    summary: fc.array(fc.record({ type: fc.constant('summary_text'), text: fc.string() }), { maxLength: 2 }),
    content: maybe(fc.constantFrom(null, [{ type: 'reasoning_text', text: 'hm' }])),
    encrypted_content: maybe(fc.constantFrom(null, 'RU5D', 'llmroute-redacted:RU5D')),
  }),
  fc.record({
    type: fc.constant('function_call'),
    id,
    call_id: words,
    name: words,
    namespace: maybe(words),
    arguments: fc.string(),
    status: maybe(fc.constant('completed')),
  }),
  fc.record({ type: fc.constant('custom_tool_call'), id, call_id: words, name: words, input: fc.string() }),
  fc.record({
    type: fc.constantFrom('function_call_output', 'custom_tool_call_output'),
    id,
    call_id: words,
    output: fc.oneof(fc.string(), fc.array(inputPart, { maxLength: 2 })),
  }),
  fc.constantFrom<object>(
    { type: 'item_reference', id: 'msg_1' },
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } },
    { type: 'compaction', encrypted_content: 'RU5D' },
    { type: 'local_shell_call_output', call_id: 'c', output: 'x' },
    { type: 'additional_tools', role: 'developer', tools: [{ type: 'function', name: 'f' }] },
    { type: 'configuration_update', configuration: { a: 1 } },
  ),
)
const fn = fc.record({
  type: fc.constant('function'),
  name: words,
  description: maybe(fc.constantFrom('d', null)),
  parameters: maybe(fc.constantFrom<unknown>({ type: 'object' }, null)),
  strict: maybe(fc.constantFrom(true, false, null)),
  defer_loading: maybe(fc.boolean()),
})
const custom = fc.record({
  type: fc.constant('custom'),
  name: words,
  format: maybe(fc.constant({ type: 'grammar', syntax: 'lark', definition: 'start: "a"' })),
})
const tool = fc.oneof(
  fn,
  custom,
  fc.record({
    type: fc.constant('namespace'),
    name: words,
    description: fc.string(),
    tools: fc.array(fc.oneof(fn, custom, fc.constant({ type: 'web_search' })), { maxLength: 3 }),
  }),
  fc.constantFrom<object>({ type: 'web_search', external_web_access: false }, { type: 'mcp', server_label: 'x' }),
)
/** Bodies as clients may write them, every spelling included. */
export const responsesBody = fc.record({
  model: words,
  instructions: maybe(fc.oneof(fc.string(), fc.constant(null))),
  input: fc.oneof(fc.string(), fc.array(item, { minLength: 1, maxLength: 8 })),
  tools: maybe(fc.array(tool, { maxLength: 4 })),
  tool_choice: maybe(
    fc.constantFrom<unknown>(
      'auto',
      'none',
      'required',
      null,
      { type: 'function', name: 'f' },
      { type: 'custom', name: 'f' },
      { type: 'web_search_preview' },
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    ),
  ),
  parallel_tool_calls: maybe(fc.boolean()),
  text: maybe(
    fc.constantFrom<unknown>(
      null,
      {},
      { verbosity: 'low' },
      { format: { type: 'text' } },
      { format: { type: 'json_object' }, verbosity: 'low' },
      { format: { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true } },
    ),
  ),
  reasoning: maybe(
    fc.constantFrom<unknown>(
      null,
      {},
      { effort: 'high' },
      { summary: 'detailed' },
      { effort: null, summary: 'auto' },
      { effort: 'ultra' },
      { effort: 'low', context: 'x' },
    ),
  ),
  max_output_tokens: maybe(fc.constantFrom(100, null)),
  temperature: maybe(fc.constantFrom(0, 1, null)),
  top_p: maybe(fc.constant(0.5)),
  top_logprobs: maybe(fc.constantFrom(0, 5)),
  stream: maybe(fc.boolean()),
  stream_options: maybe(fc.constant({ include_obfuscation: false })),
  store: maybe(fc.boolean()),
  include: maybe(fc.constant(['reasoning.encrypted_content'])),
  previous_response_id: maybe(fc.constantFrom('resp_1', null)),
  prompt_cache_key: maybe(words),
  user: maybe(words),
  service_tier: maybe(fc.constant('flex')),
  metadata: maybe(fc.dictionary(fc.string(), fc.string())),
  vendor_field: maybe(fc.jsonValue()),
})
