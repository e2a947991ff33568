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

/** Half of a surrogate pair as an escape of a JSON text: after an even number of backslashes, and without its other half beside it. */
const HALF =
  /\\u[dD](?<=(?<!\\)(?:\\\\)*\\u[dD])(?:[89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F][\da-fA-F]{2})|(?<!(?<!\\)(?:\\\\)*\\u[dD][89abAB][\da-fA-F]{2}\\u[dD])[c-fC-F][\da-fA-F]{2})/g

/**
 * A JSON text in which half of a surrogate pair, left where a client cut a text within an emoji, is the replacement character. Anthropic,
 * OpenAI and DeepSeek refuse the whole body for it: "no low surrogate in string" (github.com/anomalyco/opencode/issues/14630,
 * esengine/DeepSeek-Reasonix/issues/1906). The length stays the same.
 */
export function wellFormedJson(text: string): string {
  return text.replace(HALF, '\\ufffd')
}
