import { isRecord, type Json } from './json.js'

/** A schema that says nothing allows anything; only arrays are left out, which would have to name their items. */
const ANYTHING: Json = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'object' }] }
const NAMED = ['properties', '$defs', 'definitions'] as const
/** Keywords that combine schemas. */
export const COMBINED = ['anyOf', 'oneOf', 'allOf'] as const

/**
 * Moonshot's own kind of JSON schema: every value has a type, which stands in the alternatives where there are any and nowhere beside a
 * reference, and what is required is defined. It refuses the request otherwise: "At path 'properties.args': type is not defined"
 * (github.com/MoonshotAI/kimi-cli/issues/1595, /issues/2061, MoonshotAI/kimi-code/issues/1610), as for Claude Code's own tools.
 */
export function withTypes(schema: unknown): unknown {
  if (schema === true) return ANYTHING
  if (!isRecord(schema)) return schema
  if (typeof schema.$ref === 'string') return { $ref: schema.$ref }
  const made: Record<string, unknown> = { ...schema }
  for (const key of NAMED) if (isRecord(schema[key])) made[key] = mapValues(schema[key])
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

function mapValues(schemas: Json): Json {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withTypes(schema)]))
}
