import type { JsonPath, Splice } from './codec.js'
import { isRecord } from './json.js'

const WHY = 'this model refuses schemas that leave it out'
/** Keywords whose values are data, not schemas. */
const DATA = new Set(['enum', 'const', 'default', 'examples', 'required'])

/**
 * OpenAI refuses a whole request for one tool whose schema does not name an object's type or properties, or an array's items, at any depth:
 * "In context=(), object schema missing properties" (github.com/openai/openai-agents-python/pull/454, github.com/sigoden/aichat/pull/1049).
 * Other vendors, and the tools of MCP servers, leave them out. What is added allows just what was allowed.
 */
export function schemaSplices(schema: unknown, path: JsonPath): Splice[] {
  const splices: Splice[] = []
  const add = (at: JsonPath, value: unknown): void => void splices.push({ kind: 'set', field: at.join('.'), path: at, value, why: WHY })
  if (!isRecord(schema)) return splices
  if (schema.type !== 'object') add([...path, 'type'], 'object')
  if (!isRecord(schema.properties)) add([...path, 'properties'], {})
  addItems(schema, [...path], add)
  return splices
}

function addItems(schema: unknown, path: (string | number)[], add: (path: JsonPath, value: unknown) => void): void {
  if (typeof schema !== 'object' || schema === null) return
  if ('type' in schema && isArrayType(schema.type) && !('items' in schema)) add([...path, 'items'], {})
  for (const [key, inner] of Object.entries(schema)) {
    if (DATA.has(key)) continue
    path.push(Array.isArray(schema) ? Number(key) : key)
    addItems(inner, path, add)
    path.pop()
  }
}

function isArrayType(type: unknown): boolean {
  return type === 'array' || (Array.isArray(type) && type.includes('array'))
}
