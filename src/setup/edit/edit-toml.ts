import { type Change, type Json, jsonOrText, notEditable, type Path, type TextFormat } from './format.js'
import { scanToml, type TomlStatement } from './scan-toml.js'
import { closed, eolOf, lineEnd, lineNumber, lineStart, nextLine, splice } from './text-style.js'

type Pair = Extract<TomlStatement, { kind: 'pair' }>

/** TOML. A new pair goes to the end of its table; a new table to the end of the file. */
export const tomlFormat: TextFormat = {
  read(text, at) {
    const pair = pairAt(scanToml(text), at)
    return pair && scalarOf(text.slice(pair.valueStart, pair.end))
  },

  find(text, at) {
    const statements = scanToml(text)
    const pair = pairAt(statements, at)
    return pair === undefined ? statements[headerOf(statements, at)] : { start: pair.valueStart, end: pair.end }
  },

  write(text, { at, value, when = 'always' }: Change) {
    if (typeof value === 'object' && !Array.isArray(value)) throw notEditable('only plain values are written to TOML')
    const statements = scanToml(text)
    const pair = pairAt(statements, at)
    if (pair !== undefined) {
      if (when === 'absent' || scalarOf(text.slice(pair.valueStart, pair.end)) === value) return text
      return splice(text, pair.valueStart, pair.end, render(value))
    }
    refuseOtherSpellings(text, statements, at)
    const table = at.slice(0, -1)
    const line = `${spell(at.slice(-1))} = ${render(value)}`
    return table.length === 0 ? insertAtRoot(text, statements, line) : insertInTable(text, statements, table, line)
  },

  /** A pair, or a table that has no pairs left. */
  remove(text, at) {
    const statements = scanToml(text)
    const pair = pairAt(statements, at)
    if (pair !== undefined) return splice(text, lineStart(text, pair.start), nextLine(text, pair.end), '')
    const header = headerOf(statements, at)
    const found = statements[header]
    const next = statements[header + 1]
    if (found === undefined || next?.kind === 'pair') return text
    const blank = /\r?\n[ \t]*\r?\n$/.exec(text.slice(0, found.start))
    const start = blank === null ? found.start : found.start - (/\r?\n$/.exec(text.slice(0, found.start))?.[0].length ?? 0)
    return splice(text, start, nextLine(text, found.end), '')
  },
}

function headerOf(statements: readonly TomlStatement[], at: Path): number {
  return statements.findIndex((s) => s.kind === 'table' && s.path.length === at.length && startsWith(s.path, at))
}

function pairAt(statements: readonly TomlStatement[], at: Path): Pair | undefined {
  return statements.find((s): s is Pair => s.kind === 'pair' && startsWith(s.path, at) && s.path.length === at.length)
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, i) => path[i] === key)
}

/** The same setting may be written as an inline table or with dotted keys; a second table of that name would be an error. */
function refuseOtherSpellings(text: string, statements: readonly TomlStatement[], at: Path): void {
  const table = at.slice(0, -1)
  for (const s of statements) {
    const holdsIt = s.kind === 'pair' && s.path.length < at.length && startsWith(at, s.path)
    const isTable = startsWith(s.path, at)
    const dotted = s.kind === 'pair' && table.length > 0 && s.table.length < table.length && startsWith(s.path, table)
    const list = s.kind === 'table' && s.list && startsWith(at, s.path)
    if (holdsIt || isTable || dotted || list)
      throw notEditable(`"${at.join('.')}" is written in a way that is not edited here`, lineNumber(text, s.start))
  }
}

function insertAtRoot(text: string, statements: readonly TomlStatement[], line: string): string {
  const last = statements.findLast((s): s is Pair => s.kind === 'pair' && s.table.length === 0)
  if (last !== undefined) return insertAfter(text, last.end, line)
  const eol = eolOf(text)
  return text === '' ? `${line}${eol}` : `${line}${eol}${/^\r?\n/.test(text) ? '' : eol}${text}`
}

function insertInTable(text: string, statements: readonly TomlStatement[], table: Path, line: string): string {
  const header = headerOf(statements, table)
  if (header < 0) {
    const eol = eolOf(text)
    const before = closed(text)
    return `${before}${before.trim() === '' ? '' : eol}[${spell(table)}]${eol}${line}${eol}`
  }
  const next = statements.findIndex((s, i) => i > header && s.kind === 'table')
  const own = statements.slice(header, next < 0 ? undefined : next)
  return insertAfter(text, own.at(-1)?.end ?? text.length, line)
}

function insertAfter(text: string, at: number, line: string): string {
  const end = lineEnd(text, at)
  return splice(text, end, end, `${eolOf(text)}${line}`)
}

function spell(path: Path): string {
  return path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))).join('.')
}

/** JSON's strings, numbers, booleans and lists of them are TOML too. */
function render(value: Json): string {
  return JSON.stringify(value)
}

function scalarOf(raw: string): unknown {
  return /^'[^']*'$/.test(raw) ? raw.slice(1, -1) : jsonOrText(raw)
}
