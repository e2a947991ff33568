import { isRecord, mapItems, mapValues } from '../json.js'

/**
 * `parameters` and `responseSchema` are OpenAPI 3.0 schemas with types in upper case; neutrally a schema is JSON schema. Only
 * the spelling differs: `nullable`, counts written as strings, and an order of properties that JSON schema has no word for.
 */
const COUNTS = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'])

/** The same object when it is JSON schema already. */
export function toJsonSchema(schema: unknown): unknown {
  if (!isRecord(schema)) return schema
  const made: Record<string, unknown> = {}
  let changed = false
  for (const key in schema) {
    const before = schema[key]
    const after = toJsonValue(key, before)
    if (after !== before || key === 'nullable' || key === 'propertyOrdering') changed = true
    if (key !== 'nullable' && key !== 'propertyOrdering') made[key] = after
  }
  if (!changed) return schema
  if (schema.nullable === true && typeof made.type === 'string') made.type = [made.type, 'null']
  return made
}

function toJsonValue(key: string, value: unknown): unknown {
  if (key === 'type') return typeof value === 'string' ? value.toLowerCase() : value
  if (key === 'items' || key === 'additionalProperties') return toJsonSchema(value)
  if (key === 'anyOf' && Array.isArray(value)) return mapItems(value, toJsonSchema)
  if (key === 'properties' && isRecord(value)) return mapValues(value, toJsonSchema)
  if (COUNTS.has(key) && typeof value === 'string' && value !== '') return Number(value)
  return value
}
