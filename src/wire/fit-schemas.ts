import type { JsonPath, Splice, Target } from './codec.js'
import { isRecord, type Json } from './json.js'
import { setAt } from './splice.js'
import { COMBINED, withTypes } from './type-schemas.js'

/** Keywords whose lists are data, not schemas. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'required'])

/**
 * Arguments as the plain object that OpenAI and Anthropic require of every tool, at the price of the whole request: one that says so, and
 * whose alternatives are properties of its own (github.com/anomalyco/opencode/issues/35516, github.com/makenotion/notion-mcp-server/issues/341).
 * The tools of MCP servers need not look so, and begin with a reference where zod-to-json-schema made them. The same object when there is
 * nothing to change.
 */
export function plainObject(schema: Json): Json {
  const { anyOf, oneOf, allOf, $ref, ...rest } = schema
  if (typeof $ref !== 'string' && ![anyOf, oneOf, allOf].some(Array.isArray))
    return schema.type === 'object' ? schema : { ...schema, type: 'object' }
  const found: Found = { root: schema, seen: new Set(), properties: new Map(), required: new Set() }
  gather(schema, true, found)
  const own = isRecord(schema.properties) ? Object.entries(schema.properties) : []
  const properties = [
    ...[...found.properties].map(([name, kinds]) => [name, kinds.length === 1 ? kinds[0] : { anyOf: kinds }] as const),
    ...own,
  ]
  return {
    ...rest,
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(found.required.size > 0 ? { required: [...found.required] } : {}),
  }
}

interface Found {
  readonly root: Json
  readonly seen: Set<Json>
  /** What the alternatives say of each property; where they tell themselves apart by one, each says something else. */
  readonly properties: Map<string, unknown[]>
  readonly required: Set<unknown>
}

/** `always`: it holds whichever alternative does. */
function gather(value: unknown, always: boolean, found: Found): void {
  if (!isRecord(value) || found.seen.has(value)) return
  found.seen.add(value)
  if (typeof value.$ref === 'string') gather(definitionOf(value.$ref, found.root), always, found)
  for (const key of COMBINED)
    if (Array.isArray(value[key])) for (const one of value[key] as unknown[]) gather(one, always && key === 'allOf', found)
  if (always && Array.isArray(value.required)) for (const name of value.required) found.required.add(name)
  if (!isRecord(value.properties)) return
  for (const [name, one] of Object.entries(value.properties)) {
    const kinds = found.properties.get(name) ?? []
    if (!kinds.some((kind) => JSON.stringify(kind) === JSON.stringify(one))) found.properties.set(name, [...kinds, one])
  }
}

function definitionOf(ref: string, root: Json): unknown {
  const [from, ...keys] = ref.split('/')
  return from === '#' ? keys.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), root) : undefined
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
  return [setAt(path, value, 'this model refuses schemas that leave out so much')]
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
