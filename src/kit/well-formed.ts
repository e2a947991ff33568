/** An escape of a JSON text: both halves of a surrogate pair, one half alone, or any other. */
const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[dD][89a-fA-F][\da-fA-F]{2}|[\s\S])/g
const REPLACEMENT = '\\ufffd'

/**
 * A JSON text in which half of a surrogate pair, left where a client cut a text within an emoji, is the replacement character. Anthropic,
 * OpenAI and DeepSeek refuse the whole body for it: "no low surrogate in string" (github.com/anomalyco/opencode/issues/14630,
 * esengine/DeepSeek-Reasonix/issues/1906). The length stays the same.
 */
export function wellFormedJson(text: string): string {
  if (!text.includes('\\ud') && !text.includes('\\uD')) return text
  // Of all escapes found, only a half is as long as its replacement.
  return text.replace(ESCAPE, (found) => (found.length === REPLACEMENT.length ? REPLACEMENT : found))
}
