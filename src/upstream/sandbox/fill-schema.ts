import { isRecord, type Json } from '../../kit/index.js'

const DEPTH = 6

/** The smallest value that a JSON schema allows, with `word` for free strings. */
export function fillSchema(schema: unknown, word: string, depth = 0): unknown {
  if (!isRecord(schema) || depth > DEPTH) return word
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0]
  for (const union of ['anyOf', 'oneOf', 'allOf']) {
    const first = Array.isArray(schema[union]) ? (schema[union] as unknown[])[0] : undefined
    if (first !== undefined) return fillSchema(first, word, depth + 1)
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1
    case 'boolean':
      return true
    case 'null':
      return null
    case 'array':
      return [fillSchema(schema.items, word, depth + 1)]
    case 'string':
      return word
    default:
      return isRecord(schema.properties) ? fillObject(schema, schema.properties, word, depth) : type === 'object' ? {} : word
  }
}

/** Required properties, or all of them when none is. */
function fillObject(schema: Json, properties: Json, word: string, depth: number): Json {
  const required = Array.isArray(schema.required) ? schema.required.filter((k): k is string => typeof k === 'string') : []
  const keys = required.length > 0 ? required : Object.keys(properties)
  return Object.fromEntries(keys.map((key) => [key, fillSchema(properties[key], word, depth + 1)]))
}
