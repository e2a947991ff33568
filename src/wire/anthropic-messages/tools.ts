import type { FunctionTool, Loss, Request, Tool, VendorTool, WebSearch } from '../../canonical/index.js'
import { wireFields } from '../extra.js'
import { plainObject } from '../fit-schemas.js'
import { badField, isRecord, type Json, listOf, mayBoolean, mayRecord, mayString, needString, present, readEach } from '../json.js'
import { lose } from '../losses.js'
import { grammarAsFunction, searchOf } from '../vendor-tools.js'
import { readCache, writeCache } from './cache.js'
import { extraOf } from './read-content.js'

const KNOWN_IN_TOOL = new Set(['name', 'description', 'input_schema', 'strict', 'cache_control'])

/** Tools with a schema are the client's own functions; every other type is built into the vendor's models or servers. */
export function readTools(value: unknown): Tool[] {
  if (value === undefined || value === null) return []
  return readEach(value, 'tools', (tool, path): Tool => {
    const cache = readCache(tool)
    const type = mayString(tool.type, `${path}.type`)
    if (type !== undefined && type !== 'custom') {
      const name = mayString(tool.name, `${path}.name`) ?? mayString(tool.mcp_server_name, `${path}.mcp_server_name`) ?? type
      const search = type.startsWith('web_search')
        ? searchOf({ allowed: tool.allowed_domains, blocked: tool.blocked_domains, uses: tool.max_uses, location: tool.user_location })
        : undefined
      return { type: 'hosted', name, format: 'anthropic-messages', value: tool, ...present({ search, cache }) }
    }
    return {
      type: 'function',
      name: needString(tool.name, `${path}.name`),
      ...present({
        description: mayString(tool.description, `${path}.description`),
        schema: mayRecord(tool.input_schema, `${path}.input_schema`),
        strict: mayBoolean(tool.strict, `${path}.strict`),
        cache,
        extra: extraOf(tool, KNOWN_IN_TOOL),
      }),
    }
  })
}

export function readToolChoice(value: unknown): Pick<Request, 'toolChoice' | 'parallelToolCalls'> {
  const choice = mayRecord(value, 'tool_choice')
  if (choice === undefined) return {}
  const serial = mayBoolean(choice.disable_parallel_tool_use, 'tool_choice.disable_parallel_tool_use')
  const parallel = serial === undefined ? {} : { parallelToolCalls: !serial }
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { toolChoice: choice.type, ...parallel }
    case 'any':
      return { toolChoice: 'required', ...parallel }
    case 'tool':
      return { toolChoice: { name: needString(choice.name, 'tool_choice.name') }, ...parallel }
    default:
      throw badField('tool_choice.type', '"auto", "any", "tool" or "none"', choice.type)
  }
}

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

const LEGAL = /^[a-zA-Z0-9_.-]{1,64}$/

/**
 * The vendor refuses all of a request for one argument's name with other characters (`$filter`, `filter[id]`) or more of them: "Property keys
 * should match pattern" (github.com/ComposioHQ/composio/issues/3500, decocms/studio/pull/6874). Such arguments are told in the tool's
 * description; the model then gives them by their own names, as a schema that is not strict lets it.
 */
function fitKeys(schema: Json, description: string | undefined): { readonly schema: Json; readonly description: string | undefined } {
  const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : []
  const misfits = properties.filter(([name]) => !LEGAL.test(name))
  if (misfits.length === 0) return { schema, description }
  const { additionalProperties: _, required, ...rest } = schema
  const isMisfit = (name: unknown): boolean => typeof name === 'string' && !LEGAL.test(name)
  const needed = listOf(required).filter(isMisfit)
  const told = JSON.stringify({ properties: Object.fromEntries(misfits), ...(needed.length > 0 ? { required: needed } : {}) })
  return {
    schema: {
      ...rest,
      properties: Object.fromEntries(properties.filter(([name]) => LEGAL.test(name))),
      ...(Array.isArray(required) ? { required: required.filter((name) => !isMisfit(name)) } : {}),
    },
    description: [description, `It takes these arguments, too, by exactly these names: ${told}`].filter(Boolean).join('\n\n'),
  }
}
