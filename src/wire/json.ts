import type { Extra } from '../canonical/index.js'
import { Fault, isRecord, type Json, listOf } from '../kit/index.js'

/** Reading of unknown JSON. A malformed field is E_BAD_REQUEST with its dotted path as `param`. */
export { isRecord, type Json, listOf, parseJson, recordOf, recordsIn } from '../kit/index.js'

export function badField(param: string, expected: string, value: unknown): Fault {
  const found = value === undefined ? 'nothing' : value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`
  return new Fault('E_BAD_REQUEST', `${param}: expected ${expected}, found ${found}`, { param, final: true })
}

/** What reads a provider's answer: there a malformed field is the provider's fault, not the client's. */
export function fromUpstream<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'E_BAD_REQUEST') throw error
    throw new Fault('E_UPSTREAM', `The provider's answer is malformed: ${error.message}`, { cause: error })
  }
}

export function needRecord(value: unknown, param: string): Json {
  if (!isRecord(value)) throw badField(param, 'an object', value)
  return value
}

export function needArray(value: unknown, param: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badField(param, 'an array', value)
  return value
}

/**
 * What `read` makes of each object in an array; `param` names it in errors. Filled by `push`: V8 gives lists that `map()` makes another kind
 * once its caller is compiled, and each function that reads them would be compiled again.
 */
export function readEach<T>(value: unknown, param: string, read: (item: Json, param: string) => T): T[] {
  const found: T[] = []
  for (const [i, item] of needArray(value, param).entries()) {
    const path = `${param}.${i}`
    found.push(read(needRecord(item, path), path))
  }
  return found
}

/** The objects among the items of what may be no array, each with its index. */
export function recordEntries(value: unknown): (readonly [index: number, item: Json])[] {
  const found: [number, Json][] = []
  for (const [i, item] of listOf(value).entries()) if (isRecord(item)) found.push([i, item])
  return found
}

/** At least one: every vendor refuses a conversation without a word. */
export function needSome(value: unknown, param: string): readonly unknown[] {
  const items = needArray(value, param)
  if (items.length === 0) throw new Fault('E_BAD_REQUEST', `${param}: expected at least one item, found none`, { param, final: true })
  return items
}

export function needString(value: unknown, param: string): string {
  if (typeof value !== 'string') throw badField(param, 'a string', value)
  return value
}

export function needOneOf<T extends string>(value: unknown, param: string, words: readonly T[]): T {
  const found = words.find((word) => word === value)
  if (found === undefined)
    throw badField(
      param,
      words
        .map((word) => `"${word}"`)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1'),
      value,
    )
  return found
}

/** The value, or undefined when it is absent or null. */
export function mayString(value: unknown, param: string): string | undefined {
  return value === undefined || value === null ? undefined : needString(value, param)
}

export function mayNumber(value: unknown, param: string): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number') throw badField(param, 'a number', value)
  return value
}

/** A count of tokens as a provider reports it; null where it says none. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function mayBoolean(value: unknown, param: string): boolean | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw badField(param, 'true or false', value)
  return value
}

export function mayRecord(value: unknown, param: string): Json | undefined {
  return value === undefined || value === null ? undefined : needRecord(value, param)
}

export function mayStrings(value: unknown, param: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined
  return needArray(value, param).map((v, i) => needString(v, `${param}.${i}`))
}

/** Fields that have no neutral name, and named ones that are null: what an `extra` keeps. Undefined when there are none. */
export function leftover(value: Json, known: ReadonlySet<string>): Extra | undefined {
  let extra: Record<string, unknown> | undefined
  for (const key in value) {
    if (known.has(key) && value[key] !== null) continue
    extra ??= {}
    extra[key] = value[key]
  }
  return extra
}

/** The object without its undefined fields, so that optional fields stay absent under exactOptionalPropertyTypes. */
export function present<T extends object>(
  fields: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
} {
  const kept: Record<string, unknown> = {}
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key]
  return kept as ReturnType<typeof present<T>>
}

/** A list with each item changed; the same list where none changes. */
export function mapItems(items: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const changed = items.map(change)
  return changed.some((item, i) => item !== items[i]) ? changed : items
}

/** An object with each value changed; the same object where none changes. */
export function mapValues(value: Json, change: (inner: unknown, key: string) => unknown): Json {
  let made: Record<string, unknown> | undefined
  for (const key in value) {
    const after = change(value[key], key)
    if (after === value[key]) continue
    made ??= { ...value }
    made[key] = after
  }
  return made ?? value
}
