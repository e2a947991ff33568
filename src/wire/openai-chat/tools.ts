import type { FunctionTool, Loss, Request, Tool, ToolChoice, VendorTool } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { wireFields } from '../extra.js'
import { fitStrict } from '../fit-schemas.js'
import { badField, isRecord, type Json, leftover, mayBoolean, mayString, needString, present, readEach, recordOf } from '../json.js'
import { lose } from '../losses.js'
import { grammarAsFunction, grammarToolOf, readGrammarTool } from '../vendor-tools.js'
import { readCache } from './parts.js'

const KNOWN = new Set(['type', 'function'])
const KNOWN_IN_FUNCTION = new Set(['name', 'description', 'parameters', 'strict'])

export function readTools(value: unknown): Tool[] {
  if (value === undefined || value === null) return []
  return readEach(value, 'tools', readTool)
}

function readTool(tool: Json, path: string): Tool {
  if (tool.type === 'custom' && (isRecord(tool.custom) || typeof tool.name === 'string')) {
    const custom = isRecord(tool.custom) ? tool.custom : tool
    return grammarToolOf(needString(custom.name, `${path}.custom.name`), 'openai-chat', tool)
  }
  if (isRecord(tool.function)) return readFunction(tool, tool.function, path)
  if (isFlatTool(tool)) return readFlatTool(tool, path)
  const type = needString(tool.type, `${path}.type`)
  if (type === 'function') throw badField(`${path}.function`, 'an object', tool.function)
  return { type: 'hosted', name: typeof tool.name === 'string' ? tool.name : type, format: 'openai-chat', value: tool }
}

function readFunction(tool: Json, fn: Json, path: string): Tool {
  const outer = leftover(tool, KNOWN)
  const inner = leftover(fn, KNOWN_IN_FUNCTION)
  return {
    type: 'function',
    name: needString(fn.name, `${path}.function.name`),
    ...present({
      description: mayString(fn.description, `${path}.function.description`),
      schema: fn.parameters ?? undefined,
      strict: mayBoolean(fn.strict, `${path}.function.strict`),
      cache: readCache(outer?.cache_control),
      extra: inner === undefined ? outer : { ...outer, '~function': inner },
    }),
  }
}

/** Cursor sends tools in the shape of Responses (flat) or of Anthropic (`input_schema`) on this endpoint. */
export function isFlatTool(tool: Json): boolean {
  return tool.function === undefined && typeof tool.name === 'string' && (tool.type === 'function' || isRecord(tool.input_schema))
}

function readFlatTool(tool: Json, path: string): Tool {
  return {
    type: 'function',
    name: needString(tool.name, `${path}.name`),
    ...present({
      description: mayString(tool.description, `${path}.description`),
      schema: tool.parameters ?? tool.input_schema ?? undefined,
      strict: mayBoolean(tool.strict, `${path}.strict`),
      cache: readCache(tool.cache_control),
    }),
  }
}

export function writeTools(request: Request, target: Target, losses: Loss[]): Json[] {
  const tools = request.tools.map((tool) => writeTool(tool, request.format === 'openai-chat', target, losses))
  return tools.filter((tool) => tool !== undefined)
}

function writeTool(tool: Tool, own: boolean, target: Target, losses: Loss[]): Json | undefined {
  if (tool.type === 'function') {
    if (!own && tool.cache !== undefined) lose(losses, 'tools.cache_control', 'chat has no cache marks')
    return writeFunction(own ? tool : fitStrict(tool, losses), own)
  }
  if (tool.type === 'grammar') return writeGrammar(tool, target, losses)
  if (tool.format === 'openai-chat') return tool.value as Json
  return lose(losses, `tools.${tool.name}`, `runs at the provider, in ${tool.format} only`, true)
}

function writeFunction(tool: FunctionTool, own: boolean): Json {
  const { name, description, schema: parameters, strict } = tool
  const fn: Json = { name, ...present({ description, parameters, strict }) }
  if (!own || tool.extra === undefined) return { type: 'function', function: fn }
  return { type: 'function', function: { ...fn, ...(tool.extra['~function'] as object | undefined) }, ...wireFields(tool.extra) }
}

function writeGrammar(tool: VendorTool, target: Target, losses: Loss[]): Json {
  if (target.accepts.needs.includes('grammar-tools')) {
    if (isRecord(recordOf(tool.value).custom)) return tool.value as Json
    const { grammar, ...custom } = readGrammarTool(tool)
    return { type: 'custom', custom: grammar === undefined ? custom : { ...custom, format: { type: 'grammar', grammar } } }
  }
  return writeFunction(grammarAsFunction(tool, losses), false)
}

/** `tools`: as written; OpenAI wants each named by its type. */
export function writeToolChoice(choice: ToolChoice, tools: readonly Json[]): unknown {
  const named = (name: string): Json =>
    tools.some(({ custom }) => isRecord(custom) && custom.name === name)
      ? { type: 'custom', custom: { name } }
      : { type: 'function', function: { name } }
  if (typeof choice === 'string') return choice
  if ('name' in choice) return named(choice.name)
  return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools: choice.allowed.map(named) } }
}
