import { isRecord } from '../../kit/index.js'

/** A JSON schema as found in requests: only the keywords that models are asked to follow are checked, others count as satisfied. */
type Schema = Readonly<Record<string, unknown>>

/** Schemas nest; deeper levels than this count as satisfied. */
const DEEPEST = 32

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'object':
      return isRecord(value)
    case 'array':
      return Array.isArray(value)
    case 'string':
      return typeof value === 'string'
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'null':
      return value === null
    default:
      return true
  }
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function misfitOfObject(value: Readonly<Record<string, unknown>>, s: Schema, path: string, depth: number): string | null {
  const properties = isRecord(s.properties) ? s.properties : {}
  const required = Array.isArray(s.required) ? (s.required as readonly unknown[]) : []
  for (const name of required) if (typeof name === 'string' && !Object.hasOwn(value, name)) return `${path}.${name} is missing`
  for (const [name, inner] of Object.entries(value)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : s.additionalProperties
    if (schema === false) return `${path}.${name} is not expected`
    const misfit = misfitOf(inner, schema, `${path}.${name}`, depth)
    if (misfit !== null) return misfit
  }
  return null
}

function misfitOf(value: unknown, s: unknown, path: string, depth: number): string | null {
  if (!isRecord(s) || depth > DEEPEST) return null
  const types = Array.isArray(s.type) ? (s.type as readonly unknown[]) : s.type === undefined ? [] : [s.type]
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return `${path} is not of type ${types.join(' or ')}`
  if (Array.isArray(s.enum) && !s.enum.some((e) => sameJson(e, value))) return `${path} is none of the values allowed`
  if (s.const !== undefined && !sameJson(s.const, value)) return `${path} is not the value asked for`
  for (const part of Array.isArray(s.allOf) ? (s.allOf as readonly unknown[]) : []) {
    const misfit = misfitOf(value, part, path, depth + 1)
    if (misfit !== null) return misfit
  }
  const choices = Array.isArray(s.anyOf) ? s.anyOf : Array.isArray(s.oneOf) ? s.oneOf : null
  if (choices !== null && !choices.some((c) => misfitOf(value, c, path, depth + 1) === null)) return `${path} fits none of the alternatives`
  if (isRecord(value)) return misfitOfObject(value, s, path, depth + 1)
  if (!Array.isArray(value) || s.items === undefined) return null
  for (const [i, item] of value.entries()) {
    const misfit = misfitOf(item, s.items, `${path}[${i}]`, depth + 1)
    if (misfit !== null) return misfit
  }
  return null
}

/** Where a value does not fit a JSON schema, in words; null when it fits. References (`$ref`) are not followed. */
export function fitsSchema(value: unknown, schema: unknown): string | null {
  return misfitOf(value, schema, 'it', 0)
}
