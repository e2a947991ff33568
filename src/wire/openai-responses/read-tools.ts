import type { FunctionTool, Tool, WebSearch } from '../../canonical/index.js'
import { grammarToolOf } from '../grammar-tool.js'
import { isRecord, type Json, leftover, mayBoolean, mayString, needArray, needRecord, needString, present, recordOf } from '../json.js'
import { searchOf } from '../web-search.js'

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
