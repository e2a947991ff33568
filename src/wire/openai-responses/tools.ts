import type { FunctionTool, Loss, Request, Tool, ToolChoice, VendorTool, WebSearch } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { isSpelled, wireFields } from '../extra.js'
import { fitStrict } from '../fit-schemas.js'
import { isRecord, type Json, leftover, mayBoolean, mayString, needArray, needRecord, needString, present, recordOf } from '../json.js'
import { lose } from '../losses.js'
import { grammarAsFunction, grammarToolOf, loseSearch, readGrammarTool, searchOf } from '../vendor-tools.js'

const KNOWN = new Set(['type', 'name', 'description', 'parameters', 'strict'])

/**
 * Codex's built-in provider sends its tools as an item of `input`. They are offered as any others; the item itself stays in
 * the conversation, where only this format reads it.
 */
export function readAdditionalTools(input: unknown): Tool[] {
  if (!Array.isArray(input)) return []
  return input.flatMap((item: unknown, i) => {
    if (!isRecord(item) || item.type !== 'additional_tools') return []
    return readTools(item.tools, `input.${i}.tools`).map((tool) => ({ ...tool, extra: { ...tool.extra, '~item': true } }))
  })
}

/** A function's place in a namespace, kept so that the namespace can be written again. */
export interface Named {
  readonly namespace: Json
  readonly name: string
}

export function readTools(value: unknown, path = 'tools'): Tool[] {
  if (value === undefined || value === null) return []
  return needArray(value, path).flatMap((tool, i) => readTool(needRecord(tool, `${path}.${i}`), `${path}.${i}`))
}

function readTool(tool: Json, path: string): Tool[] {
  switch (tool.type) {
    case 'function':
      return [readFunction(tool, path)]
    case 'custom':
      return [grammarToolOf(needString(tool.name, `${path}.name`), 'openai-responses', tool)]
    case 'namespace':
      return readNamespace(tool, path)
    default: {
      const type = needString(tool.type, `${path}.type`)
      const name = typeof tool.name === 'string' ? tool.name : type
      return [{ type: 'hosted', name, format: 'openai-responses', value: tool, ...present({ search: readSearch(type, tool) }) }]
    }
  }
}

/** `web_search`, `web_search_preview`, and dated names of both. */
function readSearch(type: string, tool: Json): WebSearch | undefined {
  if (!type.startsWith('web_search')) return undefined
  const filters = recordOf(tool.filters)
  return searchOf({ allowed: filters.allowed_domains, blocked: filters.blocked_domains, location: tool.user_location })
}

function readFunction(tool: Json, path: string): FunctionTool {
  return {
    type: 'function',
    name: needString(tool.name, `${path}.name`),
    ...present({
      description: mayString(tool.description, `${path}.description`),
      schema: tool.parameters ?? undefined,
      strict: mayBoolean(tool.strict, `${path}.strict`),
      extra: leftover(tool, KNOWN),
    }),
  }
}

/** Its tools under joined names; an empty namespace stays whole, for this format only. */
function readNamespace(namespace: Json, path: string): Tool[] {
  const prefix = needString(namespace.name, `${path}.name`)
  const inner = readTools(namespace.tools ?? [], `${path}.tools`)
  if (inner.length === 0 || inner.some((tool) => tool.extra?.['~named'] !== undefined)) {
    return [{ type: 'hosted', name: prefix, format: 'openai-responses', value: namespace }]
  }
  return inner.map((tool): Tool => {
    const named: Named = { namespace, name: tool.name }
    return { ...tool, name: joinName(prefix, tool.name), extra: { ...tool.extra, '~named': named } }
  })
}

export function namedOf(tool: Tool): Named | undefined {
  return tool.extra?.['~named'] as Named | undefined
}

/**
 * Responses groups functions into namespaces; elsewhere a function has one name. The joined name keeps two functions of the
 * same name apart, and is taken apart again by looking the tool up, never by its spelling.
 */
export function joinName(namespace: string, name: string): string {
  return `${namespace}__${name}`
}

/** Tools in this format's flat shape. Functions of one namespace, which stand together, go back into it. */
export function writeTools(request: Request, target: Target, losses: Loss[]): Json[] {
  const own = request.format === 'openai-responses'
  const tools: Json[] = []
  let open = null as { readonly namespace: Json; readonly tools: Json[] } | null
  for (const tool of request.tools) {
    if (own && isSpelled(tool.extra, '~item')) continue
    const named = own ? namedOf(tool) : undefined
    const json = writeTool(tool, own, target, losses)
    if (json === undefined) continue
    if (named === undefined) {
      open = null
      tools.push(json)
      continue
    }
    if (open?.namespace !== named.namespace) {
      open = { namespace: named.namespace, tools: [] }
      tools.push({ ...named.namespace, tools: open.tools })
    }
    open.tools.push(tool.type === 'function' ? { ...json, name: named.name } : json)
  }
  return tools
}

function writeTool(tool: Tool, own: boolean, target: Target, losses: Loss[]): Json | undefined {
  if (tool.type === 'function') {
    if (tool.cache !== undefined) lose(losses, 'tools.cache_control', 'Responses has no cache marks')
    return writeFunction(own ? tool : fitStrict(tool, losses), own)
  }
  if (tool.format === 'openai-responses') return tool.value as Json
  if (tool.type === 'grammar') return writeGrammar(tool, target, losses)
  if (tool.search !== undefined) return writeSearch(tool.search, losses)
  return lose(losses, `tools.${tool.name}`, `runs at the provider, in ${tool.format} only`, true)
}

function writeSearch(search: WebSearch, losses: Loss[]): Json {
  const { allowedDomains: allowed_domains, location: user_location } = search
  loseSearch(search, ['blockedDomains', 'maxUses'], losses)
  return { type: 'web_search', ...present({ filters: allowed_domains === undefined ? undefined : { allowed_domains }, user_location }) }
}

function writeFunction(tool: FunctionTool, own: boolean): Json {
  const { name, description, schema: parameters, strict } = tool
  const fn: Record<string, unknown> = { type: 'function', name, ...present({ description, parameters, strict }) }
  if (own) return Object.assign(fn, wireFields(tool.extra))
  // Here a schema is strict unless said otherwise; in every other format it is not.
  fn.strict ??= false
  fn.parameters ??= { type: 'object', properties: {} }
  return fn
}

function writeGrammar(tool: VendorTool, target: Target, losses: Loss[]): Json {
  if (target.accepts.needs.includes('grammar-tools')) {
    const { grammar, ...custom } = readGrammarTool(tool)
    return { type: 'custom', ...custom, ...(grammar === undefined ? {} : { format: { type: 'grammar', ...grammar } }) }
  }
  return writeFunction(grammarAsFunction(tool, losses), false)
}

/** `tools`: as written; the vendor wants each named by its type. */
export function writeToolChoice(choice: ToolChoice, tools: readonly Json[]): unknown {
  const named = (name: string): Json => ({ type: tools.find((tool) => tool.name === name)?.type ?? 'function', name })
  if (typeof choice === 'string') return choice
  return 'name' in choice ? named(choice.name) : { type: 'allowed_tools', mode: choice.mode, tools: choice.allowed.map(named) }
}
