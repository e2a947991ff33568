import type { JsonPath, Splice, Target } from './codec.js'
import { isRecord, type Json } from './json.js'
import { withTypes } from './type-schemas.js'

const COMBINED = ['anyOf', 'oneOf', 'allOf'] as const
/** Keywords whose lists are data, not schemas. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'required'])

/**
 * Arguments as the plain object that OpenAI and Anthropic require of every tool, at the price of the whole request: one that says so, and
 * whose alternatives are properties of its own (github.com/anomalyco/opencode/issues/35516, github.com/makenotion/notion-mcp-server/issues/341).
 * The tools of MCP servers need not look so. The same object when there is nothing to change.
 */
export function plainObject(schema: Json): Json {
  const combined = COMBINED.filter((key) => Array.isArray(schema[key]))
  if (combined.length === 0) return schema.type === 'object' ? schema : { ...schema, type: 'object' }
  const branches = combined.flatMap((key) => schema[key] as readonly unknown[])
  const properties = [...branches, schema].map((branch) => (isRecord(branch) ? branch.properties : undefined)).filter(isRecord)
  const { anyOf: _any, oneOf: _one, allOf: _all, ...rest } = schema
  return { ...rest, type: 'object', properties: Object.assign({}, ...properties) as Json }
}

/**
 * OpenAI also wants every such object to name its properties and every array its items, at any depth: "In context=(), object schema missing
 * properties" (github.com/openai/openai-agents-python/pull/454, github.com/sigoden/aichat/pull/1049). What is added allows just what was allowed.
 */
export function schemaSplices(schema: unknown, path: JsonPath, { accepts }: Pick<Target, 'accepts'>): Splice[] {
  if (!isRecord(schema) || !accepts.refuses.includes('loose_schemas')) return []
  const plain = plainObject(schema)
  const whole = withItems(isRecord(plain.properties) ? plain : { ...plain, properties: {} })
  const value = accepts.refuses.includes('untyped_schemas') ? withTypes(whole) : whole
  if (value === schema || JSON.stringify(value) === JSON.stringify(schema)) return []
  return [{ kind: 'set', field: path.join('.'), path, value, why: 'this model refuses schemas that leave out so much' }]
}

function withItems(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withItems)
    return items.some((item, i) => item !== value[i]) ? items : value
  }
  if (!isRecord(value)) return value
  let made: Record<string, unknown> | undefined
  for (const key in value) {
    const before = value[key]
    const after = Array.isArray(before) && DATA.has(key) ? before : withItems(before)
    if (after === before) continue
    made ??= { ...value }
    made[key] = after
  }
  return isArrayType(value.type) && value.items === undefined ? { ...(made ?? value), items: {} } : (made ?? value)
}

function isArrayType(type: unknown): boolean {
  return type === 'array' || (Array.isArray(type) && type.includes('array'))
}
