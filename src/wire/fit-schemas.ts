import type { FunctionTool, Loss } from '../canonical/index.js'
import { type JsonPath, type Splice, setAt, type Target } from './codec.js'
import { isRecord, type Json, listOf, mapItems, mapValues } from './json.js'
import { lose } from './losses.js'

/** A schema that says nothing allows anything; only arrays are left out, which would have to name their items. */
const ANYTHING: Json = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'object' }] }
const NAMED = ['properties', '$defs', 'definitions'] as const
/** Keywords that combine schemas. */
export const COMBINED = ['anyOf', 'oneOf', 'allOf'] as const
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
  if (Array.isArray(value)) return mapItems(value, withItems)
  if (!isRecord(value)) return value
  const made = mapValues(value, (inner, key) => (Array.isArray(inner) && DATA.has(key) ? inner : withItems(inner)))
  return [value.type].flat().includes('array') && value.items === undefined ? { ...made, items: {} } : made
}

/**
 * Moonshot's own kind of JSON schema: every value has a type, which stands in the alternatives where there are any and nowhere beside a
 * reference, and what is required is defined. It refuses the request otherwise: "At path 'properties.args': type is not defined"
 * (github.com/MoonshotAI/kimi-cli/issues/1595, /issues/2061, MoonshotAI/kimi-code/issues/1610), as for Claude Code's own tools.
 */
function withTypes(schema: unknown): unknown {
  if (schema === true) return ANYTHING
  if (!isRecord(schema)) return schema
  if (typeof schema.$ref === 'string') return { $ref: schema.$ref }
  const made: Record<string, unknown> = { ...schema }
  for (const key of NAMED) if (isRecord(schema[key])) made[key] = mapValues(schema[key], withTypes)
  for (const key of ['items', 'additionalProperties'] as const) if (isRecord(schema[key])) made[key] = withTypes(schema[key])
  if (schema.items === true) made.items = ANYTHING
  const { properties, required, type } = schema
  if (Array.isArray(required) && isRecord(properties)) made.required = required.filter((name) => Object.hasOwn(properties, String(name)))
  const combined = COMBINED.find((key) => Array.isArray(schema[key]))
  if (combined === undefined) return type === undefined ? { ...made, ...typeOf(schema) } : made
  delete made.type
  const inherited = type === undefined ? {} : { type }
  made[combined] = (schema[combined] as readonly unknown[]).map((one) => withTypes(isRecord(one) ? { ...inherited, ...one } : one))
  return made
}

function typeOf(schema: Json): Json {
  if (isRecord(schema.properties)) return { type: 'object' }
  if (schema.items !== undefined) return { type: 'array' }
  const values: readonly unknown[] = Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? [] : [schema.const]
  const types = [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))].map((type) => ({ type }))
  return types.length === 0 ? ANYTHING : types.length === 1 ? types[0]! : { anyOf: types }
}

/**
 * A function of another format as OpenAI takes it: a strict schema names there all that there may be, and wants all of it, while one of
 * Anthropic's may leave properties out ("'required' is required to be supplied and to be an array including every key in properties").
 */
export function fitStrict(tool: FunctionTool, losses: Loss[]): FunctionTool {
  if (!tool.strict || isStrict(tool.schema)) return tool
  lose(losses, `tools.${tool.name}.strict`, 'strict schemas differ between vendors')
  const { strict: _, ...rest } = tool
  return rest
}

function isStrict(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isStrict)
  if (!isRecord(value)) return true
  const { type, properties, required, additionalProperties } = value
  if ((type === 'object' || isRecord(properties)) && additionalProperties !== false) return false
  if (isRecord(properties) && Object.keys(properties).some((name) => !listOf(required).includes(name))) return false
  return Object.values(value).every(isStrict)
}
