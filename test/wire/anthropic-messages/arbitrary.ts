import fc from 'fast-check'

const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined })
const words = fc.string({ minLength: 1 })
const cache = maybe(
  fc.constantFrom<object | null>({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '5m' }, { type: 'ephemeral', ttl: '1h' }, null),
)
const unknown = maybe(fc.constantFrom<unknown>(1, 'x', null, [], { a: [1] }))
const text = fc.record({
  type: fc.constant('text'),
  text: fc.string(),
  cache_control: cache,
  citations: maybe(fc.constant(null)),
  later: unknown,
})
const source = fc.constantFrom<object>(
  { type: 'base64', media_type: 'image/png', data: 'iVBORw0=' },
  { type: 'url', url: 'https://x.test/a.png' },
  { type: 'file', file_id: 'file_1' },
  { type: 'file', file_id: 'file_1', later: 1 },
)
const image = fc.record({ type: fc.constant('image'), source, cache_control: cache })
const document = fc.record({
  type: fc.constant('document'),
  source: fc.oneof(
    source,
    fc.constantFrom<object>(
      { type: 'text', media_type: 'text/plain', data: 'words' },
      { type: 'content', content: 'a' },
      { type: 'content', content: [{ type: 'text', text: 'a' }] },
    ),
  ),
  title: maybe(words),
  context: maybe(words),
  citations: maybe(fc.constant({ enabled: true })),
  cache_control: cache,
})
const found = fc.record({
  type: fc.constant('search_result'),
  source: words,
  title: words,
  content: fc.array(fc.oneof({ weight: 4, arbitrary: text }, image), { maxLength: 2 }),
  citations: maybe(fc.constant({ enabled: true })),
  cache_control: cache,
})
const toolResult = fc.record({
  type: fc.constant('tool_result'),
  tool_use_id: words,
  content: maybe(
    fc.oneof(
      fc.string(),
      fc.array(fc.oneof(text, image, found, fc.constant({ type: 'tool_reference', tool_name: 'a' })), { maxLength: 3 }),
      fc.constant(null),
    ),
  ),
  is_error: maybe(fc.boolean()),
  cache_control: cache,
})
const toolUse = fc.record({
  type: fc.constant('tool_use'),
  id: fc.uuid().map((id) => `toolu_${id}`),
  name: words,
  input: fc.dictionary(words, fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as object),
  caller: maybe(fc.constant({ type: 'direct' })),
  cache_control: cache,
})
const thinking = fc.oneof(
  fc.record({ type: fc.constant('thinking'), thinking: fc.string(), signature: words }),
  fc.record({ type: fc.constant('redacted_thinking'), data: words }),
)
const server = fc.constantFrom<object>(
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
  { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [], cache_control: { type: 'ephemeral' } },
)
const list = (part: fc.Arbitrary<object>) => fc.array(part, { maxLength: 4 })
/** The vendor takes no turn of the assistant that is empty, has empty texts, or texts after calls: these are mended. */
const said = fc
  .tuple(
    list(
      fc.oneof(
        text.map((block) => ({ ...block, text: `${block.text}.` })),
        thinking,
        server,
      ),
    ),
    list(fc.oneof(toolUse, thinking, server)),
  )
  .map(([before, calls]) => [...before, ...calls])
  .filter((blocks) => blocks.length > 0)
const message = fc.oneof(
  fc.record({ role: fc.constant('user'), content: fc.oneof(fc.string(), list(fc.oneof(text, image, document, found, toolResult))) }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.oneof(
      fc.string().map((text) => `${text}.`),
      said,
    ),
  }),
  fc.record({
    role: fc.constant('system'),
    content: fc.oneof(fc.string(), list(text)),
    output_config: maybe(fc.constant({ effort: 'low' })),
  }),
)
const billing = fc.constant({ type: 'text', text: 'x-anthropic-billing-header: cc_version=1' })
const tool = fc.oneof(
  fc.record({
    name: words,
    description: maybe(words),
    input_schema: fc.constant({ type: 'object', properties: { a: { type: 'string' } } }),
    strict: maybe(fc.boolean()),
    type: maybe(fc.constant('custom')),
    defer_loading: maybe(fc.boolean()),
    eager_input_streaming: maybe(fc.boolean()),
    cache_control: cache,
  }),
  fc.constantFrom<object>(
    { type: 'web_search_20250305', name: 'web_search', max_uses: 3 },
    { type: 'mcp_toolset', mcp_server_name: 'm', cache_control: { type: 'ephemeral' } },
  ),
)
/** Bodies of the format with every field it has, and some it has not. */
export const messagesBody = fc.record({
  model: words,
  max_tokens: fc.integer({ min: 1 }),
  system: maybe(fc.oneof(fc.string(), list(fc.oneof(text, billing)))),
  messages: fc.array(message, { minLength: 1, maxLength: 5 }),
  tools: maybe(fc.array(tool, { maxLength: 3 })),
  tool_choice: maybe(
    fc.constantFrom<object>(
      { type: 'auto' },
      { type: 'auto', disable_parallel_tool_use: false },
      { type: 'any', disable_parallel_tool_use: true },
      { type: 'tool', name: 'a' },
      { type: 'none' },
    ),
  ),
  temperature: maybe(fc.constantFrom(0, 0.5, 1, null)),
  top_p: maybe(fc.constantFrom(0.9)),
  top_k: maybe(fc.constantFrom(40)),
  stop_sequences: maybe(fc.array(words, { maxLength: 2 })),
  stream: maybe(fc.boolean()),
  thinking: maybe(
    fc.constantFrom<object | null>(
      { type: 'enabled', budget_tokens: 2000 },
      { type: 'enabled', budget_tokens: 2000, display: 'summarized' },
      { type: 'adaptive', display: 'omitted' },
      { type: 'between_tools' },
      { type: 'disabled' },
      null,
    ),
  ),
  output_config: maybe(
    fc.constantFrom<object>(
      {},
      { effort: 'xhigh' },
      { effort: 'unheard-of' },
      { effort: 'low', format: { type: 'json_schema', schema: { type: 'object' }, later: 1 } },
    ),
  ),
  metadata: maybe(fc.constantFrom<object>({ user_id: '{"device_id":"0"}' }, { user_id: 'u', later: 1 }, {})),
  service_tier: maybe(fc.constantFrom('auto', 'standard_only')),
  context_management: unknown,
  cache_control: cache,
})
