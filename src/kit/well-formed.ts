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
