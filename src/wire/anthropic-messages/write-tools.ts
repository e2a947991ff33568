import type { FunctionTool, Loss, Request, Tool, VendorTool, WebSearch } from '../../canonical/index.js'
import { wireFields } from '../extra.js'
import { plainObject } from '../fit-schemas.js'
import { grammarAsFunction } from '../grammar-tool.js'
import { isRecord, type Json, present } from '../json.js'
import { lose } from '../losses.js'
import { writeCache } from './cache-mark.js'
import { fitKeys } from './fit-keys.js'

const NO_ARGUMENTS: Json = { type: 'object', properties: {} }

/** Tools as this format spells them; what it cannot say is left out and listed. */
export function writeTools(request: Request, losses: Loss[]): Json[] {
  const tools: Json[] = []
  for (const tool of allowedTools(request, losses)) {
    if (tool.type === 'function') tools.push(writeFunction(tool, request.format === 'anthropic-messages', losses))
    else if (tool.format === 'anthropic-messages' && isRecord(tool.value)) tools.push(tool.value)
    else if (tool.type === 'grammar') tools.push(writeGrammar(tool, losses))
    else if (tool.search !== undefined) tools.push(writeSearch(tool.search))
    else lose(losses, `tools.${tool.name}`, `A ${tool.type} tool of ${tool.format} has no counterpart.`, true)
  }
  return tools
}

function writeFunction(tool: FunctionTool, own: boolean, losses: Loss[]): Json {
  const cache = present({ cache_control: writeCache(tool.cache, tool.extra) })
  const { name, description, schema, strict } = tool
  if (own) return { ...wireFields(tool.extra), name, ...present({ input_schema: schema, strict, description }), ...cache }
  if (strict) lose(losses, `tools.${name}.strict`, 'Strict schemas differ between vendors.')
  const fitted = fitKeys(isRecord(schema) ? plainObject(schema) : NO_ARGUMENTS, description)
  if (fitted.description !== description)
    lose(losses, `tools.${name}.input_schema`, 'Names that the vendor refuses are told in the description.')
  return { name, input_schema: fitted.schema, ...present({ description: fitted.description }), ...cache }
}

function writeGrammar(tool: VendorTool, losses: Loss[]): Json {
  const { name, description, schema } = grammarAsFunction(tool, losses)
  return { name, description, input_schema: schema, ...present({ cache_control: writeCache(tool.cache) }) }
}

function writeSearch({ allowedDomains, blockedDomains, maxUses, location }: WebSearch): Json {
  const limits = present({ max_uses: maxUses, allowed_domains: allowedDomains, blocked_domains: blockedDomains, user_location: location })
  return { type: 'web_search_20250305', name: 'web_search', ...limits }
}

/** A choice among some of the tools is expressed by offering only those. */
function allowedTools(request: Request, losses: Loss[]): readonly Tool[] {
  const { toolChoice, tools } = request
  if (typeof toolChoice !== 'object' || !('allowed' in toolChoice)) return tools
  lose(losses, 'tool_choice.allowed', 'Said by offering the allowed tools alone.')
  return tools.filter((tool) => toolChoice.allowed.includes(tool.name))
}

export function writeToolChoice(request: Request, hasTools: boolean): Json | undefined {
  const { toolChoice: choice, parallelToolCalls: parallel } = request
  // The vendor refuses a choice where there is nothing to choose from.
  if (!hasTools && request.format !== 'anthropic-messages') return undefined
  const serial = parallel === undefined ? {} : { disable_parallel_tool_use: !parallel }
  if (choice === undefined) return parallel === false ? { type: 'auto', ...serial } : undefined
  const type = choiceType(choice)
  const kept = request.extra?.tool_choice
  return {
    ...(isRecord(kept) && kept.type === type ? kept : {}),
    type,
    ...(typeof choice === 'object' && 'name' in choice ? { name: choice.name } : {}),
    ...(type === 'none' && request.format !== 'anthropic-messages' ? {} : serial),
  }
}

function choiceType(choice: NonNullable<Request['toolChoice']>): string {
  if (typeof choice === 'object') return 'name' in choice ? 'tool' : choice.mode === 'required' ? 'any' : 'auto'
  return choice === 'required' ? 'any' : choice
}
