import type { Tool, ToolChoice } from '../../canonical/index.js'
import { badField, mayBoolean, mayRecord, mayString, needString, present, readEach } from '../json.js'
import { searchOf } from '../web-search.js'
import { readCache } from './cache-mark.js'
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

export interface ReadChoice {
  readonly toolChoice?: ToolChoice
  readonly parallelToolCalls?: boolean
}

export function readToolChoice(value: unknown): ReadChoice {
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
