import type { Asked, Offered } from './brain.js'
import { checkPlain, isRecord, type Json, listAt, must, onlyKeys, Refusal, recordAt, textAt, within } from './refusal.js'
import { checkSignature } from './signatures.js'

const FIELDS =
  'model messages system max_tokens tools tool_choice temperature top_p top_k stop_sequences stream thinking output_config metadata service_tier context_management container mcp_servers betas thread'
const extra = (key: string): string => `${key}: Extra inputs are not permitted`

/** The rules of `/v1/messages`. Throws a Refusal, else says what is asked. */
export function checkMessages(body: Json, headers: Readonly<Record<string, unknown>>): Asked {
  must(headers['anthropic-version'] === '2023-06-01', 'anthropic-version: header is required')
  onlyKeys(body, FIELDS, '', extra)
  must(body.thread === undefined, 'Threads are not available for this request.', 'thread')
  const model = textAt(body.model, 'model')
  const limit = body.max_tokens
  must(typeof limit === 'number' && limit >= 1, 'max_tokens: Field required', 'max_tokens')
  const tools = body.tools === undefined ? [] : listAt(body.tools, 'tools').flatMap((tool, i) => checkTool(tool, `tools.${i}`))
  const choice = checkChoice(body.tool_choice, tools)
  const thinks = checkThinking(body, limit, choice)
  within(body.temperature, 0, 1, 'temperature')
  within(body.top_p, 0, 1, 'top_p')
  must(body.temperature === undefined || body.top_p === undefined, '`temperature` and `top_p` cannot both be specified for this model.')
  const stop =
    body.stop_sequences === undefined ? [] : listAt(body.stop_sequences, 'stop_sequences').map((s) => textAt(s, 'stop_sequences'))
  must(
    stop.every((s) => /\S/.test(s)),
    'stop_sequences: each stop sequence must contain non-whitespace',
  )
  checkSystem(body.system)
  const marks = JSON.stringify([body.system, body.tools, body.messages]).split('"cache_control":{').length - 1
  must(marks <= 4, `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`)
  const mayInstruct = /mid-conversation-|per-turn-control/.test(String(headers['anthropic-beta'] ?? ''))
  const messages = listAt(body.messages, 'messages').filter((message) => !mayInstruct || !isRecord(message) || message.role !== 'system')
  const talk = checkTurns(messages, model, thinks && recordAt(body.thinking, 'thinking').type === 'enabled')
  const format = isRecord(body.output_config) ? body.output_config.format : undefined
  return { model, ...talk, tools, choice, schema: format === undefined ? undefined : checkFormat(format), thinks, stop, limit }
}

function checkFormat(value: unknown): unknown {
  const format = recordAt(value, 'output_config.format')
  must(format.type === 'json_schema', 'output_config.format.type: Input should be json_schema')
  onlyKeys(format, 'type schema', 'output_config.format', extra)
  must(isRecord(format.schema), 'output_config.format.schema: Field required')
  must(
    format.schema.additionalProperties === false,
    "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
  )
  return format.schema
}

function checkThinking(body: Json, limit: number, choice: Asked['choice']): boolean {
  if (body.thinking === undefined) return false
  const thinking = recordAt(body.thinking, 'thinking')
  if (thinking.type === 'disabled') return false
  onlyKeys(thinking, 'type budget_tokens display', 'thinking', extra)
  if (thinking.type === 'enabled') {
    const budget = Number(thinking.budget_tokens)
    must(budget >= 1024, 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024')
    must(budget < limit, '`max_tokens` must be greater than `thinking.budget_tokens`.')
  } else
    must(
      thinking.type === 'adaptive',
      `thinking.type: Input tag '${thinking.type}' found using 'type' does not match any of the expected tags`,
    )
  must(body.temperature === undefined || body.temperature === 1, '`temperature` may only be set to 1 when thinking is enabled.')
  must(body.top_k === undefined, '`top_k` must be unset when thinking is enabled.')
  must(choice === 'auto' || choice === 'none', 'Thinking may not be enabled when tool_choice forces tool use.')
  return true
}

function checkTool(value: unknown, path: string): readonly Offered[] {
  const tool = recordAt(value, path)
  if (tool.type !== undefined && tool.type !== 'custom') return []
  onlyKeys(tool, 'type name description input_schema cache_control strict defer_loading eager_input_streaming input_examples', path, extra)
  must(/^[a-zA-Z0-9_-]{1,128}$/.test(String(tool.name)), `${path}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`)
  const schema = recordAt(tool.input_schema, `${path}.custom.input_schema`)
  must(schema.type === 'object', `${path}.custom.input_schema.type: Field required`)
  checkPlain(schema, String(tool.name), path)
  must(
    Object.keys(isRecord(schema.properties) ? schema.properties : {}).every((key) => /^[a-zA-Z0-9_.-]{1,64}$/.test(key)),
    `${path}.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'`,
  )
  return [{ name: String(tool.name), schema }]
}

function checkChoice(value: unknown, tools: readonly Offered[]): Asked['choice'] {
  if (value === undefined) return 'auto'
  const choice = recordAt(value, 'tool_choice')
  onlyKeys(
    choice,
    choice.type === 'tool' ? 'type name disable_parallel_tool_use' : choice.type === 'none' ? 'type' : 'type disable_parallel_tool_use',
    'tool_choice',
    extra,
  )
  must(tools.length > 0 || choice.type === 'none', 'tool_choice may only be specified while providing tools.')
  if (choice.type === 'auto' || choice.type === 'none') return choice.type
  if (choice.type === 'any') return 'required'
  must(choice.type === 'tool' && tools.some((t) => t.name === choice.name), `Tool '${choice.name}' not found in provided tools`)
  return { name: String(choice.name) }
}

function checkSystem(system: unknown): void {
  if (system === undefined || typeof system === 'string') return
  for (const [i, block] of listAt(system, 'system').entries()) {
    const { type, text } = recordAt(block, `system.${i}`)
    must(type === 'text' && text !== '', 'system: text content blocks must be non-empty')
  }
}

interface Turn {
  readonly role: 'user' | 'assistant'
  readonly blocks: readonly Json[]
}

function checkTurns(messages: readonly unknown[], model: string, budget: boolean): Pick<Asked, 'text' | 'results'> {
  const turns: Turn[] = []
  for (const [i, raw] of messages.entries()) {
    const message = recordAt(raw, `messages.${i}`)
    onlyKeys(message, 'role content', `messages.${i}`, extra)
    const { role } = message
    must(
      role === 'user' || role === 'assistant',
      `messages: Unexpected role "${role}". The Messages API accepts a top-level \`system\` parameter, not "system" as an input message role.`,
    )
    const blocks =
      typeof message.content === 'string'
        ? [{ type: 'text', text: message.content }]
        : listAt(message.content, `messages.${i}.content`).map((b) => recordAt(b, `messages.${i}.content`))
    must(
      blocks.length > 0 || i === messages.length - 1,
      `messages.${i}: all messages must have non-empty content except for the optional final assistant message`,
    )
    for (const [j, block] of blocks.entries()) checkBlock(block, role, model, `messages.${i}.content.${j}`)
    const last = turns.at(-1)
    if (last?.role === role) turns[turns.length - 1] = { role, blocks: [...last.blocks, ...blocks] }
    else turns.push({ role, blocks })
  }
  must(turns[0]?.role === 'user', 'messages: first message must use the "user" role')
  for (const [i, turn] of turns.entries()) checkPairs(turn, turns[i + 1], i)
  const last = turns.at(-1)
  must(last?.role === 'user', 'This model does not support assistant message prefill.')
  const results = last.blocks.filter((b) => b.type === 'tool_result')
  if (budget && results.length > 0) {
    must(
      isThought(turns.at(-2)?.blocks[0]),
      'Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block',
    )
  }
  return {
    text: textOf(last.blocks.filter((b) => b.type === 'text')),
    results: results.map((r) => (typeof r.content === 'string' ? r.content : textOf((r.content ?? []) as readonly Json[]))),
  }
}

const isThought = (block: Json | undefined): boolean => block?.type === 'thinking' || block?.type === 'redacted_thinking'

function textOf(blocks: readonly Json[]): string {
  return blocks.map((b) => (b.type === 'text' ? String(b.text) : `[${b.type}]`)).join('\n')
}

const BLOCKS: Readonly<Record<string, readonly [role: string, keys: string]>> = {
  text: ['user assistant', 'type text cache_control citations'],
  image: ['user', 'type source cache_control'],
  document: ['user', 'type source title context citations cache_control'],
  tool_use: ['assistant', 'type id name input cache_control caller'],
  tool_result: ['user', 'type tool_use_id content is_error cache_control'],
  thinking: ['assistant', 'type thinking signature'],
  redacted_thinking: ['assistant', 'type data'],
}

function checkBlock(block: Json, role: string, model: string, path: string): void {
  const row = BLOCKS[String(block.type)]
  if (row === undefined || !row[0].includes(role))
    throw new Refusal(`${path}.type: Input tag '${block.type}' found using 'type' does not match any of the expected tags`)
  onlyKeys(block, row[1], path, extra)
  if (block.type === 'text') must(typeof block.text === 'string' && block.text !== '', 'messages: text content blocks must be non-empty')
  if (block.type === 'tool_use') {
    must(/^[a-zA-Z0-9_-]+$/.test(String(block.id)), `${path}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`)
    must(isRecord(block.input), `${path}.tool_use.input: Input should be a valid dictionary`)
  }
  if (block.type === 'thinking')
    checkSignature('anthropic', model, block.signature, `${path}: Invalid \`signature\` in \`thinking\` block`, path)
  if (block.type === 'image') {
    const source = recordAt(block.source, `${path}.image.source`)
    must(
      source.type === 'url' || (source.type === 'base64' && /^image\/(png|jpeg|gif|webp)$/.test(String(source.media_type))),
      `${path}.image.source: Input should be a valid image`,
    )
  }
}

/** Calls of a turn are answered at the head of the next one, each once, and nothing else is. */
function checkPairs(turn: Turn, next: Turn | undefined, i: number): void {
  const ids = turn.blocks.filter((b) => b.type === 'tool_use').map((b) => String(b.id))
  must(new Set(ids).size === ids.length, '`tool_use` ids must be unique')
  if (turn.role === 'assistant') {
    const head = (next?.blocks ?? []).slice(0, ids.length)
    const missing = ids.filter((id) => !head.some((b) => b.type === 'tool_result' && b.tool_use_id === id))
    must(
      missing.length === 0,
      `messages.${i}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}.`,
    )
    const answers = (next?.blocks ?? []).filter((b) => b.type === 'tool_result')
    must(answers.length === ids.length, `messages.${i + 1}: unexpected \`tool_use_id\` found in \`tool_result\` blocks.`)
  } else if (i === 0)
    must(!turn.blocks.some((b) => b.type === 'tool_result'), 'messages.0: unexpected `tool_use_id` found in `tool_result` blocks.')
}
