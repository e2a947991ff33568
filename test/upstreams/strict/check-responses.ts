import type { Asked, Offered } from './brain.js'
import { checkArguments, checkStrict, isRecord, type Json, listAt, must, onlyKeys, Refusal, recordAt, textAt, within } from './refusal.js'
import { checkSignature } from './signatures.js'
import { recall } from './stored-items.js'

const FIELDS =
  'model input instructions tools tool_choice parallel_tool_calls text reasoning include max_output_tokens max_tool_calls temperature top_p top_logprobs stream stream_options store metadata prompt_cache_key safety_identifier user service_tier previous_response_id truncation background client_metadata'
const NAME = /^[a-zA-Z0-9_-]{1,64}$/
const unknown = (key: string): string => `Unknown parameter: '${key}'.`

/** The rules of `/v1/responses`. Throws a Refusal, else says what is asked. */
export function checkResponses(body: Json): Asked {
  onlyKeys(body, FIELDS, '', unknown)
  const model = textAt(body.model, 'model')
  const tools = body.tools === undefined ? [] : listAt(body.tools, 'tools').flatMap((tool, i) => checkTool(tool, `tools[${i}]`))
  within(body.temperature, 0, 2, 'temperature')
  within(body.top_p, 0, 1, 'top_p')
  within(body.max_output_tokens, 16, 1e9, 'max_output_tokens')
  if (body.include !== undefined) {
    for (const name of listAt(body.include, 'include'))
      must(['reasoning.encrypted_content', 'message.output_text.logprobs'].includes(String(name)), `Invalid value: '${name}'.`, 'include')
  }
  const talk = typeof body.input === 'string' ? { text: body.input, results: [] } : checkItems(listAt(body.input, 'input'), model)
  const schema = checkFormat(body.text)
  must(
    schema !== true || JSON.stringify(body.input).toLowerCase().includes('json'),
    "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
    'input',
  )
  return {
    model,
    ...talk,
    tools,
    choice: checkChoice(body.tool_choice, tools),
    schema,
    thinks: checkReasoning(body.reasoning),
    stop: [],
    limit: (body.max_output_tokens ?? null) as number | null,
  }
}

function checkReasoning(value: unknown): boolean {
  if (value === undefined || value === null) return false
  const reasoning = recordAt(value, 'reasoning')
  onlyKeys(reasoning, 'effort summary generate_summary', 'reasoning', unknown)
  const { effort, summary } = reasoning
  if (effort != null)
    must(
      ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'].includes(String(effort)),
      `Unsupported value: '${effort}'.`,
      'reasoning.effort',
    )
  if (summary != null) must(['auto', 'concise', 'detailed'].includes(String(summary)), `Invalid value: '${summary}'.`, 'reasoning.summary')
  return effort !== 'none' && (effort != null || summary != null)
}

/** What the vendor offers besides functions: tools of free text, functions under a common name, and tools of its own. */
const OTHER_TOOLS: Readonly<Record<string, string>> = {
  custom: 'type name description format',
  namespace: 'type name description tools',
  web_search: 'type filters user_location search_context_size external_web_access',
}

function checkTool(value: unknown, path: string): readonly Offered[] {
  const tool = recordAt(value, path)
  const others = OTHER_TOOLS[String(tool.type)]
  if (others !== undefined) {
    onlyKeys(tool, others, path, unknown)
    if (tool.type !== 'web_search') must(NAME.test(String(tool.name)), `Missing required parameter: '${path}.name'.`, `${path}.name`)
    if (tool.type === 'namespace') listAt(tool.tools, `${path}.tools`).forEach((inner, i) => void checkTool(inner, `${path}.tools[${i}]`))
    return []
  }
  must(tool.type === 'function', `Invalid value: '${tool.type}'.`, `${path}.type`)
  onlyKeys(tool, 'type name description parameters strict', path, unknown)
  must(NAME.test(String(tool.name)), `Missing required parameter: '${path}.name'.`, `${path}.name`)
  const schema = tool.parameters ?? { type: 'object', properties: {} }
  checkArguments(schema, String(tool.name), `${path}.parameters`)
  if (tool.strict === true) checkStrict(schema, `${path}.parameters`)
  return [{ name: String(tool.name), schema }]
}

function checkChoice(choice: unknown, tools: readonly Offered[]): Asked['choice'] {
  if (choice === undefined) return 'auto'
  if (choice === 'auto' || choice === 'none') return choice
  if (choice === 'required') {
    must(tools.length > 0, "Tool choice 'required' must be specified with 'tools' parameter.", 'tool_choice')
    return choice
  }
  const value = recordAt(choice, 'tool_choice')
  onlyKeys(value, 'type name', 'tool_choice', unknown)
  must(
    value.type === 'function' && tools.some((t) => t.name === value.name),
    `Tool choice '${value.name}' not found in 'tools' parameter.`,
    'tool_choice',
  )
  return { name: String(value.name) }
}

function checkFormat(text: unknown): unknown {
  if (text === undefined) return undefined
  const format = recordAt(text, 'text').format
  if (format === undefined) return undefined
  const value = recordAt(format, 'text.format')
  if (value.type === 'text') return undefined
  if (value.type === 'json_object') return true
  onlyKeys(value, 'type name description schema strict', 'text.format', unknown)
  must(value.type === 'json_schema' && NAME.test(String(value.name)), "Missing required parameter: 'text.format.name'.", 'text.format.name')
  must(isRecord(value.schema), "Missing required parameter: 'text.format.schema'.", 'text.format.schema')
  if (value.strict !== false) checkStrict(value.schema, 'text.format.schema')
  return value.schema
}

/** What an id of each kind of item begins with; that of an output with more than its call's. */
const PREFIX: Readonly<Record<string, string>> = { message: 'msg', function_call: 'fc', function_call_output: 'fc', reasoning: 'rs' }
const KEYS: Readonly<Record<string, string>> = {
  message: 'type id role content status phase',
  function_call: 'type id call_id name arguments status namespace',
  function_call_output: 'type id call_id output status',
  reasoning: 'type id summary content encrypted_content status',
}

function checkItems(items: readonly unknown[], model: string): Pick<Asked, 'text' | 'results'> {
  let text = ''
  let results: string[] = []
  const open = new Set<string>()
  for (const [i, raw] of items.entries()) {
    const path = `input[${i}]`
    const named = recordAt(raw, path)
    const item = named.type === 'item_reference' ? recall(named.id) : named
    const type = String(item.type ?? 'message')
    const keys = KEYS[type]
    if (keys === undefined) throw new Refusal(`Invalid value: '${type}'.`, `${path}.type`)
    onlyKeys(item, keys, path, unknown)
    if (item.id != null)
      must(
        String(item.id).startsWith(String(PREFIX[type])),
        `Invalid '${path}.id': '${item.id}'. Expected an ID that begins with '${PREFIX[type]}'.`,
        `${path}.id`,
      )
    if (type === 'reasoning') {
      must(Array.isArray(item.summary), `Missing required parameter: '${path}.summary'.`, `${path}.summary`)
      must(
        item.encrypted_content != null,
        `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false.`,
        'input',
      )
      checkSignature(
        'openai',
        model,
        item.encrypted_content,
        `The encrypted content for item ${item.id} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`,
        path,
      )
      must(
        isRecord(items[i + 1]) && items[i + 1] !== undefined,
        `Item '${item.id}' of type 'reasoning' was provided without its required following item.`,
        'input',
      )
    } else if (type === 'function_call') {
      must(NAME.test(String(item.name)), `Invalid '${path}.name'.`, `${path}.name`)
      must(isRecord(JSON.parse(textAt(item.arguments, `${path}.arguments`))), `Invalid '${path}.arguments'.`, `${path}.arguments`)
      const id = textAt(item.call_id, `${path}.call_id`)
      must(id.length > 0 && id.length <= 64, `Invalid '${path}.call_id': string too long.`, `${path}.call_id`)
      open.add(id)
      results = []
    } else if (type === 'function_call_output') {
      must(open.delete(String(item.call_id)), `No tool call found for function call output with call_id ${item.call_id}.`, 'input')
      results.push(typeof item.output === 'string' ? item.output : contentText(item.output, 'user', `${path}.output`))
    } else {
      const said = checkMessage(item, path)
      if (item.role === 'user') text = said
      results = []
    }
  }
  must(open.size === 0, `No tool output found for function call ${[...open][0]}.`, 'input')
  return { text, results }
}

function checkMessage(item: Json, path: string): string {
  const role = String(item.role)
  must(
    ['user', 'assistant', 'system', 'developer'].includes(role),
    `Invalid value: '${role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.`,
    `${path}.role`,
  )
  return typeof item.content === 'string' ? item.content : contentText(item.content, role, `${path}.content`)
}

function contentText(content: unknown, role: string, path: string): string {
  return listAt(content, path)
    .map((raw, i) => {
      const part = recordAt(raw, `${path}[${i}]`)
      const known = role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file']
      must(
        known.includes(String(part.type)),
        `Invalid value: '${part.type}'. Supported values are: ${known.map((k) => `'${k}'`).join(' and ')}.`,
        `${path}[${i}].type`,
      )
      if (part.type === 'input_image')
        must(/^(https?:|data:image\/)/.test(String(part.image_url)), `Invalid '${path}[${i}].image_url'.`, `${path}[${i}].image_url`)
      if (part.file_data !== undefined)
        must(/\.\w+$/.test(String(part.filename)), 'Expected context stuffing file type to be a supported format: .pdf but got none.', path)
      return typeof part.text === 'string' ? part.text : `[${part.type}]`
    })
    .join('\n')
}
