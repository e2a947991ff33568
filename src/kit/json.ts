/** A JSON object whose fields are not known yet. */
export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of what may be no object. */
export function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {}
}

/** The items of what may be no array. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The objects among the items of what may be no array. */
export function recordsIn(value: unknown): readonly Json[] {
  return listOf(value).filter(isRecord)
}

/** The value that a text is; undefined when it is not one whole JSON value. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isJson(text: string): boolean {
  return parseJson(text) !== undefined
}
