import type { FunctionTool, Loss, Request, Tool, ToolChoice, VendorTool } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { wireFields } from '../extra.js'
import { grammarAsFunction, readGrammarTool } from '../grammar-tool.js'
import { isRecord, type Json, present } from '../json.js'

export function writeTools(request: Request, target: Target, losses: Loss[]): Json[] {
  const tools: Json[] = []
  for (const tool of request.tools) {
    const json = writeTool(tool, request.format === 'openai-chat', target, losses)
    if (json !== null) tools.push(json)
  }
  return tools
}

function writeTool(tool: Tool, own: boolean, target: Target, losses: Loss[]): Json | null {
  switch (tool.type) {
    case 'function':
      if (!own && tool.cache !== undefined) losses.push({ field: 'tools.cache_control', why: 'chat has no cache marks', matters: false })
      return writeFunction(tool, own)
    case 'grammar':
      if (tool.format === 'openai-chat') return tool.value as Json
      return writeGrammar(tool, target, losses)
    case 'hosted':
      if (tool.format === 'openai-chat') return tool.value as Json
      losses.push({ field: `tools.${tool.name}`, why: `runs at the provider, in ${tool.format} only`, matters: true })
      return null
  }
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
