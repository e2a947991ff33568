import type { FunctionTool, Loss, Request, Tool, ToolChoice, VendorTool } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { wireFields } from '../extra.js'
import { grammarAsFunction, readGrammarTool } from '../grammar-tool.js'
import { isRecord, type Json, present } from '../json.js'
import { lose } from '../losses.js'

export function writeTools(request: Request, target: Target, losses: Loss[]): Json[] {
  const tools = request.tools.map((tool) => writeTool(tool, request.format === 'openai-chat', target, losses))
  return tools.filter((tool) => tool !== undefined)
}

function writeTool(tool: Tool, own: boolean, target: Target, losses: Loss[]): Json | undefined {
  if (tool.type === 'function') {
    if (!own && tool.cache !== undefined) lose(losses, 'tools.cache_control', 'chat has no cache marks')
    return writeFunction(tool, own)
  }
  if (tool.format === 'openai-chat') return tool.value as Json
  if (tool.type === 'grammar') return writeGrammar(tool, target, losses)
  return lose(losses, `tools.${tool.name}`, `runs at the provider, in ${tool.format} only`, true)
}

function writeFunction(tool: Omit<FunctionTool, 'type'>, own: boolean): Json {
  const { name, description, schema: parameters, strict } = tool
  const fn: Json = { name, ...present({ description, parameters, strict }) }
  if (!own || tool.extra === undefined) return { type: 'function', function: fn }
  return { type: 'function', function: { ...fn, ...(tool.extra['~function'] as object | undefined) }, ...wireFields(tool.extra) }
}

function writeGrammar(tool: VendorTool, target: Target, losses: Loss[]): Json {
  if (target.accepts.needs.includes('grammar-tools')) {
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
