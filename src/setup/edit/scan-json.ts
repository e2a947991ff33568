import { jsonOrText, notEditable } from './format.js'
import { lineNumber } from './text-style.js'

/** A value with its place in the text; `end` is one past its last character. */
export type JsonNode =
  | { readonly kind: 'object'; readonly start: number; readonly end: number; readonly entries: readonly JsonEntry[] }
  | { readonly kind: 'array'; readonly start: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'scalar'; readonly start: number; readonly end: number; readonly value: unknown }

export interface JsonEntry {
  readonly key: string
  readonly start: number
  readonly value: JsonNode
}

/**
 * Reads JSON as editors write it: with comments, trailing commas, and the unquoted keys and single quotes of JSON5. Throws E_CONFIG
 * naming the line.
 */
export function scanJson(text: string): JsonNode {
  let at = 0

  const fail = (what: string): never => {
    throw notEditable(what, lineNumber(text, at))
  }

  function skip(): void {
    at = skipBlank(text, at)
  }

  function quoted(): string {
    const quote = text[at]
    const start = ++at
    while (at < text.length && text[at] !== quote) {
      if (text[at] === '\n') fail('a string is not closed')
      at += text[at] === '\\' ? 2 : 1
    }
    if (at >= text.length) fail('a string is not closed')
    const inner = text.slice(start, at++)
    const json = quote === '"' ? inner : inner.replaceAll("\\'", "'").replaceAll('"', '\\"')
    try {
      return JSON.parse(`"${json}"`) as string
    } catch {
      return inner
    }
  }

  function bare(): string {
    const start = at
    while (at < text.length && !/[\s,:[\]{}"'/]/.test(text[at] ?? '')) at++
    if (at === start) fail(at >= text.length ? 'the file ends too early' : `found '${text[at]}' where a value was expected`)
    return text.slice(start, at)
  }

  function value(): JsonNode {
    skip()
    const start = at
    switch (text[at]) {
      case '{':
        return object(start)
      case '[':
        return array(start)
      case '"':
      case "'": {
        const content = quoted()
        return { kind: 'scalar', start, end: at, value: content }
      }
      default: {
        // JSON5's own numbers stay text: they are compared with, never written.
        const content = jsonOrText(bare())
        return { kind: 'scalar', start, end: at, value: content }
      }
    }
  }

  function object(start: number): JsonNode {
    const entries: JsonEntry[] = []
    each('}', () => {
      const begin = at
      const key = text[at] === '"' || text[at] === "'" ? quoted() : bare()
      skip()
      if (text[at] !== ':') fail(`found no ':' after "${key}"`)
      at++
      entries.push({ key, start: begin, value: value() })
    })
    return { kind: 'object', start, end: at, entries }
  }

  function array(start: number): JsonNode {
    const items: JsonNode[] = []
    each(']', () => items.push(value()))
    return { kind: 'array', start, end: at, items }
  }

  /** Reads what stands between commas, up to the closing bracket and past it. */
  function each(close: '}' | ']', read: () => void): void {
    at++
    for (;;) {
      skip()
      if (text[at] === close) break
      read()
      skip()
      if (text[at] === ',') at++
      else if (text[at] !== close) fail(`found no ',' or '${close}' after a value`)
    }
    at++
  }

  const root = value()
  skip()
  if (at < text.length) fail('there is text after the end of the document')
  return root
}

/** First place at or after `at` that is neither white space nor comment. */
export function skipBlank(text: string, at: number): number {
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      if (end < 0) throw notEditable('a comment is not closed', lineNumber(text, at))
      at = end + 2
    } else return at
  }
}

export function jsonValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, jsonValue(value)]))
    case 'array':
      return node.items.map(jsonValue)
    case 'scalar':
      return node.value
  }
}
