/** What a vendor answers a request with that breaks its rules. */
export class Refusal extends Error {
  readonly status: number
  readonly param: string | null

  constructor(message: string, param: string | null = null, status = 400) {
    super(message)
    this.status = status
    this.param = param
  }
}

export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Throws for keys that the vendor does not know. */
export function onlyKeys(value: Json, known: string, path: string, say: (key: string) => string): void {
  const names = new Set(known.split(' '))
  for (const key of Object.keys(value))
    if (!names.has(key)) throw new Refusal(say(path === '' ? key : `${path}.${key}`), path === '' ? key : `${path}.${key}`)
}

export function must(holds: unknown, message: string, param: string | null = null): asserts holds {
  if (!holds) throw new Refusal(message, param)
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  must(Array.isArray(value), `Invalid type for '${path}': expected an array.`, path)
  return value
}

export function recordAt(value: unknown, path: string): Json {
  must(isRecord(value), `Invalid type for '${path}': expected an object.`, path)
  return value
}

export function textAt(value: unknown, path: string): string {
  must(typeof value === 'string', `Invalid type for '${path}': expected a string.`, path)
  return value
}

export function within(value: unknown, low: number, high: number, path: string): void {
  if (value === undefined || value === null) return
  must(typeof value === 'number' && value >= low && value <= high, `Invalid '${path}': expected a number from ${low} to ${high}.`, path)
}

/** OpenAI's rule for `strict`: every object closed, every property required. */
export function checkStrict(schema: unknown, path: string): void {
  if (Array.isArray(schema)) for (const one of schema) checkStrict(one, path)
  if (!isRecord(schema)) return
  if (isRecord(schema.properties)) {
    must(
      schema.additionalProperties === false,
      `Invalid schema: In context=(), 'additionalProperties' is required to be supplied and to be false.`,
      path,
    )
    const required = Array.isArray(schema.required) ? schema.required : []
    const missing = Object.keys(schema.properties).find((k) => !required.includes(k))
    must(
      missing === undefined,
      `Invalid schema: 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`,
      path,
    )
  }
  for (const value of Object.values(schema)) checkStrict(value, path)
}

/** OpenAI's rules for the arguments of any function: an object that names its properties, and items for every array. */
export function checkArguments(schema: unknown, name: string, path: string): asserts schema is Json {
  must(isRecord(schema) && schema.type === 'object', `Invalid schema for function '${name}': schema must be 'type: "object"'.`, path)
  checkPlain(schema, name, path)
  must(isRecord(schema.properties), `Invalid schema for function '${name}': In context=(), object schema missing properties.`, path)
  checkItems(schema, name, path)
}

function checkItems(schema: unknown, name: string, path: string): void {
  if (Array.isArray(schema)) for (const one of schema) checkItems(one, name, path)
  if (!isRecord(schema)) return
  must(
    ![schema.type].flat().includes('array') || schema.items !== undefined,
    `Invalid schema for function '${name}': array schema missing items.`,
    path,
  )
  for (const value of Object.values(schema)) checkItems(value, name, path)
}

/** Neither OpenAI nor Anthropic takes alternatives where the arguments begin. */
export function checkPlain(schema: Json, name: string, path: string): void {
  const combined = ['oneOf', 'allOf', 'anyOf'].find((key) => schema[key] !== undefined)
  must(combined === undefined, `${name}: input_schema does not support oneOf, allOf, or anyOf at the top level`, path)
}
