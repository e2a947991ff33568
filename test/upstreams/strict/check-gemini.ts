import type { Asked, Offered } from './brain.js'
import { isRecord, type Json, listAt, must, onlyKeys, recordAt, textAt, within } from './refusal.js'
import { checkSignature } from './signatures.js'

const unknown = (key: string): string => `Invalid JSON payload received. Unknown name "${key}": Cannot find field.`
const CONFIG =
  'temperature topP topK candidateCount maxOutputTokens stopSequences responseMimeType responseSchema responseJsonSchema presencePenalty frequencyPenalty seed responseLogprobs logprobs thinkingConfig responseModalities mediaResolution speechConfig'

/** The rules of `generateContent`. Throws a Refusal, else says what is asked. */
export function checkGemini(body: Json, model: string): Asked {
  onlyKeys(body, 'contents systemInstruction tools toolConfig generationConfig safetySettings cachedContent labels model', '', unknown)
  const config = body.generationConfig === undefined ? {} : recordAt(body.generationConfig, 'generation_config')
  onlyKeys(config, CONFIG, 'generation_config', unknown)
  within(config.temperature, 0, 2, 'generation_config.temperature')
  within(config.topP, 0, 1, 'generation_config.top_p')
  const stop =
    config.stopSequences === undefined ? [] : listAt(config.stopSequences, 'stop_sequences').map((s) => textAt(s, 'stop_sequences'))
  must(stop.length <= 5, 'The number of stop sequences must be at most 5.')
  const tools = body.tools === undefined ? [] : listAt(body.tools, 'tools').flatMap(checkTool)
  must(
    tools.length === 0 || config.responseMimeType !== 'application/json',
    "Function calling with a response mime type: 'application/json' is unsupported",
  )
  if (body.systemInstruction !== undefined) checkParts(recordAt(body.systemInstruction, 'system_instruction'), 'system_instruction')
  const talk = checkContents(listAt(body.contents, 'contents'), model)
  return {
    model,
    ...talk,
    tools,
    choice: checkChoice(body.toolConfig, tools),
    schema: checkOutput(config),
    thinks: checkThinking(config.thinkingConfig),
    stop,
    limit: (config.maxOutputTokens ?? null) as number | null,
  }
}

function checkThinking(value: unknown): boolean {
  if (value === undefined) return false
  const thinking = recordAt(value, 'generation_config.thinking_config')
  onlyKeys(thinking, 'thinkingBudget thinkingLevel includeThoughts', 'generation_config.thinking_config', unknown)
  must(
    thinking.thinkingBudget === undefined || thinking.thinkingLevel === undefined,
    'You can only set only one of thinking budget and thinking level.',
  )
  if (thinking.thinkingLevel !== undefined)
    must(
      /^(minimal|low|medium|high)$/i.test(String(thinking.thinkingLevel)),
      'Invalid value at generation_config.thinking_config.thinking_level',
    )
  return thinking.thinkingBudget !== 0
}

function checkOutput(config: Json): unknown {
  const { responseMimeType: type, responseSchema, responseJsonSchema } = config
  must(responseSchema === undefined || responseJsonSchema === undefined, 'Only one of response_schema and response_json_schema may be set.')
  const schema = responseSchema ?? responseJsonSchema
  if (responseSchema !== undefined) checkSchema(responseSchema, 'response_schema')
  must(
    schema === undefined || type === 'application/json',
    'Function calling config or response schema requires response_mime_type application/json.',
  )
  return schema ?? (type === 'application/json' ? true : undefined)
}

/** The vendor's own schema language, a part of OpenAPI's. */
const SCHEMA =
  'type format title description nullable enum items properties required minItems maxItems minProperties maxProperties minimum maximum minLength maxLength pattern example default anyOf propertyOrdering'

function checkSchema(value: unknown, path: string): void {
  const schema = recordAt(value, path)
  onlyKeys(schema, SCHEMA, path, unknown)
  if (schema.type !== undefined)
    must(/^(string|number|integer|boolean|array|object|null)$/i.test(String(schema.type)), `Invalid value at ${path}.type`)
  if (isRecord(schema.properties))
    for (const [name, inner] of Object.entries(schema.properties)) checkSchema(inner, `${path}.properties.${name}`)
  if (schema.items !== undefined) checkSchema(schema.items, `${path}.items`)
}

function checkTool(value: unknown, i: number): readonly Offered[] {
  const tool = recordAt(value, `tools[${i}]`)
  onlyKeys(tool, 'functionDeclarations googleSearch codeExecution urlContext', `tools[${i}]`, unknown)
  if (tool.functionDeclarations === undefined) return []
  return listAt(tool.functionDeclarations, 'function_declarations').map((raw, j) => {
    const path = `tools[${i}].function_declarations[${j}]`
    const fn = recordAt(raw, path)
    onlyKeys(fn, 'name description parameters parametersJsonSchema behavior response responseJsonSchema', path, unknown)
    must(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(String(fn.name)), `Invalid function name: ${fn.name}`)
    must(
      fn.parameters === undefined || fn.parametersJsonSchema === undefined,
      'Only one of parameters and parameters_json_schema may be set.',
    )
    if (fn.parameters !== undefined) checkSchema(fn.parameters, `${path}.parameters`)
    return { name: String(fn.name), schema: fn.parameters ?? fn.parametersJsonSchema ?? { type: 'object' } }
  })
}

function checkChoice(value: unknown, tools: readonly Offered[]): Asked['choice'] {
  if (value === undefined) return 'auto'
  const calling = recordAt(value, 'tool_config').functionCallingConfig
  if (calling === undefined) return 'auto'
  const { mode, allowedFunctionNames: names } = recordAt(calling, 'function_calling_config')
  must(tools.length > 0 || mode === 'NONE', 'Function calling config is set without function_declarations.')
  must(
    names === undefined || mode === 'ANY' || mode === 'VALIDATED',
    'Function calling mode must be ANY or VALIDATED if allowed_function_names is set.',
  )
  if (mode === 'NONE') return 'none'
  if (mode !== 'ANY') return 'auto'
  const first = Array.isArray(names) ? names[0] : undefined
  if (first === undefined) return 'required'
  must(
    tools.some((t) => t.name === first),
    `allowed_function_names: ${first} is not declared.`,
  )
  return { name: String(first) }
}

const PART =
  'text inlineData fileData functionCall functionResponse executableCode codeExecutionResult thought thoughtSignature videoMetadata'
const DATA = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse', 'executableCode', 'codeExecutionResult']

function checkParts(content: Json, path: string): readonly Json[] {
  onlyKeys(content, 'role parts', path, unknown)
  const parts = listAt(content.parts, `${path}.parts`)
  must(parts.length > 0, `* GenerateContentRequest.${path}.parts: contents.parts must not be empty.`)
  return parts.map((raw, j) => {
    const part = recordAt(raw, `${path}.parts[${j}]`)
    onlyKeys(part, PART, `${path}.parts[${j}]`, unknown)
    must(
      DATA.filter((name) => part[name] !== undefined).length === 1,
      `* GenerateContentRequest.${path}.parts[${j}].data: required oneof field 'data' must have one initialized field`,
    )
    const type = part.inlineData === undefined ? 'text/plain' : String(recordAt(part.inlineData, path).mimeType)
    must(/^(?:text|image|audio|video)\/|^application\/pdf$/.test(type), `Unsupported MIME type: ${type}`)
    return part
  })
}

function checkContents(contents: readonly unknown[], model: string): Pick<Asked, 'text' | 'results'> {
  must(contents.length > 0, '* GenerateContentRequest.contents: contents is not specified')
  let text = ''
  let results: string[] = []
  let calls: readonly string[] = []
  for (const [i, raw] of contents.entries()) {
    const content = recordAt(raw, `contents[${i}]`)
    const role = content.role ?? 'user'
    must(role === 'user' || role === 'model', 'Please use a valid role: user, model.')
    const parts = checkParts(content, `contents[${i}]`)
    for (const part of parts) {
      if (part.thoughtSignature === undefined || part.thoughtSignature === 'skip_thought_signature_validator') continue
      checkSignature('google', model, part.thoughtSignature, 'Corrupted thought signature.', `contents[${i}]`)
    }
    const answers = parts.flatMap((part) => (isRecord(part.functionResponse) ? [part.functionResponse] : []))
    must(
      answers.length === calls.length,
      'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
    )
    for (const answer of answers) {
      must(calls.includes(String(answer.name)), `Function response ${answer.name} does not match a function call.`)
      must(isRecord(answer.response), 'Invalid value at function_response.response')
    }
    calls = parts.flatMap((part) => (isRecord(part.functionCall) ? [String(part.functionCall.name)] : []))
    must(role === 'model' || calls.length === 0, 'Function calls must be made by the model.')
    must(
      calls.length === 0 || i > 0,
      'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
    )
    results = answers.map((answer) => wordsOf(answer.response as Json))
    const said = parts.flatMap((part) => (typeof part.text === 'string' && part.thought !== true ? [part.text] : []))
    if (role === 'user' && said.length > 0) text = said.join('\n')
  }
  must(calls.length === 0, 'Please ensure that function call turns are followed by function responses.')
  return { text, results }
}

/** The vendor's convention is `output`; SDKs have others. */
function wordsOf(response: Json): string {
  const said = response.output ?? response.result ?? response.content ?? response
  return typeof said === 'string' ? said : JSON.stringify(said)
}
