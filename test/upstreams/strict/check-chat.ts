import type { Asked, Offered } from './brain.js'
import { checkArguments, checkStrict, isRecord, type Json, listAt, must, onlyKeys, recordAt, textAt, within } from './refusal.js'

const FIELDS =
  'model messages tools tool_choice parallel_tool_calls response_format temperature top_p frequency_penalty presence_penalty seed stop logprobs top_logprobs logit_bias n reasoning_effort max_tokens max_completion_tokens stream stream_options prompt_cache_key safety_identifier user service_tier store metadata modalities verbosity'
const NAME = /^[a-zA-Z0-9_-]{1,64}$/

/** The rules of `/v1/chat/completions`. Throws a Refusal, else says what is asked. */
export function checkChat(body: Json): Asked {
  onlyKeys(body, FIELDS, '', (key) => `Unrecognized request argument supplied: ${key}`)
  const model = textAt(body.model, 'model')
  const tools = body.tools === undefined ? [] : listAt(body.tools, 'tools').map((tool, i) => checkTool(tool, `tools[${i}]`))
  must(body.tools === undefined || tools.length > 0, "Invalid 'tools': empty array. Expected an array with minimum length 1.", 'tools')
  must(
    tools.length > 0 || body.tool_choice === undefined,
    "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
    'tool_choice',
  )
  must(
    tools.length > 0 || body.parallel_tool_calls === undefined,
    "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
    'parallel_tool_calls',
  )
  must(
    body.stream_options === undefined || body.stream === true,
    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    'stream_options',
  )
  must(
    body.max_tokens === undefined || body.max_completion_tokens === undefined,
    "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    'max_tokens',
  )
  within(body.temperature, 0, 2, 'temperature')
  within(body.top_p, 0, 1, 'top_p')
  within(body.frequency_penalty, -2, 2, 'frequency_penalty')
  within(body.n, 1, 128, 'n')
  const stop =
    body.stop === undefined || body.stop === null
      ? []
      : typeof body.stop === 'string'
        ? [body.stop]
        : listAt(body.stop, 'stop').map((s) => textAt(s, 'stop'))
  must(stop.length <= 4, "Invalid 'stop': array too long. Expected an array with maximum length 4.", 'stop')
  const effort = body.reasoning_effort
  if (effort !== undefined)
    must(
      ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'].includes(String(effort)),
      `Unsupported value: 'reasoning_effort' does not support '${effort}'.`,
      'reasoning_effort',
    )
  const talk = checkMessages(listAt(body.messages, 'messages'))
  const schema = checkFormat(body.response_format)
  if (schema === true)
    must(
      JSON.stringify(body.messages).toLowerCase().includes('json'),
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      'messages',
    )
  return {
    model,
    ...talk,
    tools,
    choice: checkChoice(body.tool_choice, tools),
    schema,
    thinks: effort !== undefined && effort !== 'none',
    stop,
    limit: (body.max_completion_tokens ?? body.max_tokens ?? null) as number | null,
  }
}

function checkTool(value: unknown, path: string): Offered {
  const tool = recordAt(value, path)
  must(tool.type === 'function', `Invalid value: '${tool.type}'. Supported values are: 'function' and 'custom'.`, `${path}.type`)
  onlyKeys(tool, 'type function', path, (key) => `Unknown parameter: '${key}'.`)
  const fn = recordAt(tool.function, `${path}.function`)
  onlyKeys(fn, 'name description parameters strict', `${path}.function`, (key) => `Unknown parameter: '${key}'.`)
  must(NAME.test(String(fn.name)), `Invalid '${path}.function.name': string does not match pattern.`, `${path}.function.name`)
  const schema = fn.parameters ?? { type: 'object', properties: {} }
  checkArguments(schema, String(fn.name), `${path}.function.parameters`)
  if (fn.strict === true) checkStrict(schema, `${path}.function.parameters`)
  return { name: String(fn.name), schema }
}

function checkChoice(choice: unknown, tools: readonly Offered[]): Asked['choice'] {
  if (choice === undefined) return 'auto'
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice
  const value = recordAt(choice, 'tool_choice')
  must(value.type === 'function', `Invalid value: '${value.type}'.`, 'tool_choice.type')
  const name = textAt(recordAt(value.function, 'tool_choice.function').name, 'tool_choice.function.name')
  must(
    tools.some((t) => t.name === name),
    `Tool choice '${name}' not found in 'tools' parameter.`,
    'tool_choice',
  )
  return { name }
}

function checkFormat(value: unknown): unknown {
  if (value === undefined) return undefined
  const format = recordAt(value, 'response_format')
  if (format.type === 'text') return undefined
  if (format.type === 'json_object') return true
  must(format.type === 'json_schema', `Invalid value: '${format.type}'.`, 'response_format.type')
  const spec = recordAt(format.json_schema, 'response_format.json_schema')
  onlyKeys(spec, 'name description schema strict', 'response_format.json_schema', (key) => `Unknown parameter: '${key}'.`)
  must(NAME.test(String(spec.name)), "Missing required parameter: 'response_format.json_schema.name'.", 'response_format.json_schema.name')
  if (spec.strict === true) checkStrict(spec.schema, 'response_format.json_schema.schema')
  return spec.schema ?? true
}

const PARTS: Readonly<Record<string, string>> = {
  system: 'text',
  developer: 'text',
  tool: 'text',
  assistant: 'text refusal',
  user: 'text image_url input_audio file',
}

function checkMessages(messages: readonly unknown[]): Pick<Asked, 'text' | 'results'> {
  must(messages.length > 0, "Invalid 'messages': empty array. Expected an array with minimum length 1.", 'messages')
  let text = ''
  let results: string[] = []
  let open = new Set<string>()
  for (const [i, raw] of messages.entries()) {
    const message = recordAt(raw, `messages[${i}]`)
    const role = String(message.role)
    must(
      PARTS[role] !== undefined,
      `Invalid value: '${role}'. Supported values are: 'system', 'assistant', 'user', 'tool', and 'developer'.`,
      `messages[${i}].role`,
    )
    onlyKeys(
      message,
      'role content name refusal tool_calls tool_call_id reasoning_content annotations audio',
      `messages[${i}]`,
      (key) => `Unrecognized request argument supplied: ${key}`,
    )
    const said = checkContent(message, role, `messages[${i}].content`)
    if (role === 'tool') {
      must(
        open.delete(String(message.tool_call_id)),
        "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        `messages[${i}].role`,
      )
      results.push(said)
      continue
    }
    must(
      open.size === 0,
      `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(', ')}`,
      `messages[${i}].role`,
    )
    results = []
    if (role === 'user') text = said
    if (role === 'assistant') open = new Set(checkCalls(message, `messages[${i}]`))
  }
  must(open.size === 0, "An assistant message with 'tool_calls' must be followed by tool messages.", 'messages')
  return { text, results }
}

function checkContent(message: Json, role: string, path: string): string {
  const { content } = message
  if (typeof content === 'string') return content
  if (content === null || content === undefined) {
    must(
      role === 'assistant' && (message.tool_calls !== undefined || typeof message.refusal === 'string'),
      "Invalid value for 'content': expected a string, got null.",
      path,
    )
    return ''
  }
  must(!Array.isArray(content) || content.length > 0, `Invalid '${path}': empty array. Expected an array with minimum length 1.`, path)
  return listAt(content, path)
    .map((raw, i) => {
      const part = recordAt(raw, `${path}[${i}]`)
      const type = String(part.type)
      must(
        PARTS[role]?.split(' ').includes(type),
        `Invalid value: '${type}'. Supported values for role '${role}' are: ${PARTS[role]}.`,
        `${path}[${i}].type`,
      )
      onlyKeys(part, `type ${type}`, `${path}[${i}]`, (key) => `Unknown parameter: '${key}'.`)
      if (type === 'image_url')
        must(
          /^(https?:|data:image\/(png|jpeg|gif|webp);base64,)/.test(String(recordAt(part.image_url, path).url)),
          'Invalid image URL.',
          `${path}[${i}].image_url.url`,
        )
      if (type === 'file') {
        const at = `${path}[${i}].file`
        const file = recordAt(part.file, at)
        must(
          file.file_data === undefined || String(file.file_data).startsWith('data:application/pdf;base64,'),
          `Invalid file data: '${at}.file_data'. Expected a base64-encoded data URL with an application/pdf MIME type.`,
          `${at}.file_data`,
        )
        must(file.file_data === undefined || file.filename !== undefined, `Missing required parameter: '${at}.file_id'.`, `${at}.file_id`)
      }
      return type === 'text' ? textAt(part.text, `${path}[${i}].text`) : `[${type}]`
    })
    .join('\n')
}

function checkCalls(message: Json, path: string): readonly string[] {
  if (message.reasoning_content !== undefined) textAt(message.reasoning_content, `${path}.reasoning_content`)
  if (message.tool_calls === undefined) return []
  const calls = listAt(message.tool_calls, `${path}.tool_calls`)
  must(calls.length > 0, `Invalid '${path}.tool_calls': empty array.`, `${path}.tool_calls`)
  return calls.map((raw, i) => {
    const at = `${path}.tool_calls[${i}]`
    const call = recordAt(raw, at)
    onlyKeys(call, 'id type function', at, (key) => `Unknown parameter: '${key}'.`)
    must(call.type === 'function', `Missing required parameter: '${at}.type'.`, `${at}.type`)
    const fn = recordAt(call.function, `${at}.function`)
    must(NAME.test(String(fn.name)), `Invalid '${at}.function.name'.`, `${at}.function.name`)
    must(
      isRecord(JSON.parse(textAt(fn.arguments, `${at}.function.arguments`))),
      `Invalid '${at}.function.arguments'.`,
      `${at}.function.arguments`,
    )
    const id = textAt(call.id, `${at}.id`)
    must(
      id.length > 0 && id.length <= 40,
      `Invalid '${at}.id': string too long. Expected a string with maximum length 40, but got a string with length ${id.length} instead.`,
      `${at}.id`,
    )
    return id
  })
}
