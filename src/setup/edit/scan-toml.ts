import { notEditable, type Path } from './format.js'
import { lineNumber } from './text-style.js'

/** A line of meaning in a TOML file. */
export type TomlStatement =
  | { readonly kind: 'table'; readonly path: Path; readonly list: boolean; readonly start: number; readonly end: number }
  | {
      readonly kind: 'pair'
      /** With the table it stands in. */
      readonly path: Path
      /** Of the table it stands in. */
      readonly table: Path
      readonly start: number
      readonly valueStart: number
      readonly end: number
    }

/** Where tables and pairs of a TOML text begin and end. Values are told apart, not understood. Throws E_CONFIG naming the line. */
export function scanToml(text: string): readonly TomlStatement[] {
  const statements: TomlStatement[] = []
  let at = 0
  let table: Path = []

  const fail = (what: string): never => {
    throw notEditable(what, lineNumber(text, at))
  }

  function skipSpaces(): void {
    while (text[at] === ' ' || text[at] === '\t') at++
  }

  /** White space, line ends and comments. */
  function skipBlank(): void {
    for (;;) {
      while (/\s/.test(text[at] ?? '')) at++
      if (text[at] !== '#') return
      while (at < text.length && text[at] !== '\n') at++
    }
  }

  function string(): string {
    const quote = text[at] ?? ''
    const triple = quote.repeat(3)
    const closing = text.startsWith(triple, at) ? triple : quote
    at += closing.length
    const start = at
    for (;;) {
      if (at >= text.length || (closing.length === 1 && text[at] === '\n')) fail('a string is not closed')
      if (text.startsWith(closing, at)) break
      at += quote === '"' && text[at] === '\\' ? 2 : 1
    }
    const inner = text.slice(start, at)
    at += closing.length
    // Up to two quotes may stand right before the closing three.
    while (closing.length === 3 && text[at] === quote) at++
    return inner
  }

  function key(): Path {
    const parts: string[] = []
    for (;;) {
      skipSpaces()
      if (text[at] === '"' || text[at] === "'") parts.push(string())
      else {
        const bare = /^[\w-]+/.exec(text.slice(at, at + 200))?.[0] ?? fail('found no key')
        parts.push(bare)
        at += bare.length
      }
      skipSpaces()
      if (text[at] !== '.') return parts
      at++
    }
  }

  function value(): void {
    const open = text[at]
    if (open === '"' || open === "'") {
      string()
      return
    }
    if (open !== '[' && open !== '{') {
      const start = at
      while (at < text.length && !/[\r\n,\]}#]/.test(text[at] ?? '')) at++
      while (/[ \t]/.test(text[at - 1] ?? '')) at--
      if (at === start) fail('found no value')
      return
    }
    const close = open === '[' ? ']' : '}'
    at++
    for (;;) {
      skipBlank()
      if (at >= text.length) fail(`found no '${close}'`)
      if (text[at] === close) break
      if (text[at] === ',') at++
      else if (open === '{') pair()
      else value()
    }
    at++
  }

  function pair(): { path: Path; valueStart: number } {
    const path = key()
    if (text[at] !== '=') fail("found no '=' after a key")
    at++
    skipSpaces()
    const valueStart = at
    value()
    return { path, valueStart }
  }

  for (;;) {
    skipBlank()
    if (at >= text.length) return statements
    const start = at
    if (text[at] === '[') {
      const list = text.startsWith('[[', at)
      at += list ? 2 : 1
      table = key()
      if (!text.startsWith(list ? ']]' : ']', at)) fail("found no ']' after a table's name")
      at += list ? 2 : 1
      statements.push({ kind: 'table', path: table, list, start, end: at })
    } else {
      const { path, valueStart } = pair()
      statements.push({ kind: 'pair', path: [...table, ...path], table, start, valueStart, end: at })
    }
    skipSpaces()
    if (at < text.length && !/[\r\n#]/.test(text[at] ?? '')) fail('there is text after the end of a statement')
  }
}
