import type { FunctionTool, Loss, Request, Tool, ToolChoice, VendorTool, WebSearch } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { isSpelled, wireFields } from '../extra.js'
import { grammarAsFunction, readGrammarTool } from '../grammar-tool.js'
import { type Json, present } from '../json.js'
import { lose } from '../losses.js'
import { loseSearch } from '../web-search.js'
import { namedOf } from './read-tools.js'

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
    return writeFunction(tool, own)
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

function writeFunction(tool: Omit<FunctionTool, 'type'>, own: boolean): Json {
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
