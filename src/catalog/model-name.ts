/** `accounts/fireworks/models/deepseek-v3p2` and `DeepSeek-V3.2` are one name: lower case, no path, dashes only. */
export function dashedName(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1).toLowerCase()
  return last
    .replace(/(\d)p(\d)/g, '$1-$2')
    .replace(/[.:_@\s]+/g, '-')
    .replace(/-+/g, '-')
}

/**
 * A snapshot date at the end of a name: `-2025-04-14`, `-20250929`, `-09-2025`. Four digits (`mistral-large-2512`) are not a date: they
 * distinguish models.
 */
const DATE = /-(?:20\d{2}-?[01]\d-?[0-3]\d|[01]\d-20\d{2})$/

/** The same without the date of a snapshot and without `-latest`. */
export function undatedName(name: string): string {
  return dashedName(name)
    .replace(/-latest$/, '')
    .replace(DATE, '')
}

/** Key under which facts are kept: spellings of one model by different hosts come out alike. */
export function plainName(name: string): string {
  return undatedName(name)
    .replace(/^(?:meta|zai)-/, '')
    .replace(/^llama-?v?(\d)/, 'llama-$1')
    .replace(/^qwen-?(\d)/, 'qwen$1')
    .replace(/^claude-([4-9](?:-\d)?)-(opus|sonnet|haiku)/, 'claude-$2-$1')
    .replace(/^(claude-\w+-\d)-0$/, '$1')
}
