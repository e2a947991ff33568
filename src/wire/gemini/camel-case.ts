import { isRecord, type Json, mapItems } from '../json.js'

/**
 * Google's servers take every field in camel case and in snake case, and its own examples mix the two. Names are put into camel
 * case where the API defines them; what a client or a model makes up (arguments, responses, schemas) is left alone.
 */
const MADE_UP = new Set([
  'args',
  'response',
  'parameters',
  'parametersJsonSchema',
  'responseSchema',
  'responseJsonSchema',
  'labels',
  'partMetadata',
])

/** The same object when there is nothing to rename. */
export function camelCased(value: Json): Json {
  let renamed: Record<string, unknown> | undefined
  for (const key in value) {
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const before = value[key]
    const after = MADE_UP.has(name) ? before : camelValue(before)
    if (name === key && after === before) continue
    if (renamed === undefined) renamed = { ...value }
    if (name !== key) delete renamed[key]
    renamed[name] = after
  }
  return renamed ?? value
}

function camelValue(value: unknown): unknown {
  if (isRecord(value)) return camelCased(value)
  return Array.isArray(value) ? mapItems(value, camelValue) : value
}

/** Where a field stands in a body that may be spelled either way. */
export function spelledKey(value: Json, name: string): string {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return value[name] === undefined && value[snake] !== undefined ? snake : name
}
