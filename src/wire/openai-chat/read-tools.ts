import type { Tool } from '../../canonical/index.js'
import { grammarToolOf } from '../grammar-tool.js'
import { badField, isRecord, type Json, leftover, mayBoolean, mayString, needString, present, readEach } from '../json.js'
import { readCache } from './read-part.js'

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
