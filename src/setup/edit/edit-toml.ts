import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser'
import { type Change, type Json, notEditable, type Path, type Span, sameJson, type TextFormat } from './format.js'
import { closed, eolOf, lineEnd, lineNumber, lineStart, nextLine, splice } from './text-style.js'

/** A line of meaning: a table's header or a pair of key and value. */
type Statement = Span & {
  /** With the table it stands in. */
  readonly path: Path
} & (
    | { readonly kind: 'table'; readonly list: boolean }
    | { readonly kind: 'pair'; readonly table: Path; readonly value: AST.TOMLContentNode }
  )

type Pair = Extract<Statement, { kind: 'pair' }>

/** TOML. A new pair goes to the end of its table; a new table to the end of the file. */
export const tomlFormat: TextFormat = {
  read(text, at) {
    const pair = pairAt(statementsOf(text), at)
    return pair && getStaticTOMLValue(pair.value)
  },

  find(text, at) {
    const statements = statementsOf(text)
    const pair = pairAt(statements, at)
    return pair === undefined ? statements[headerOf(statements, at)] : { start: pair.value.range[0], end: pair.end }
  },

  write(text, { at, value, when = 'always' }: Change) {
    if (typeof value === 'object' && !Array.isArray(value)) throw notEditable('only plain values are written to TOML')
    const statements = statementsOf(text)
    const pair = pairAt(statements, at)
    if (pair !== undefined) {
      if (when === 'absent' || sameJson(getStaticTOMLValue(pair.value), value)) return text
      return splice(text, pair.value.range[0], pair.end, render(value))
    }
    refuseOtherSpellings(text, statements, at)
    const table = at.slice(0, -1)
    const line = `${spell(at.slice(-1))} = ${render(value)}`
    return table.length === 0 ? insertAtRoot(text, statements, line) : insertInTable(text, statements, table, line)
  },

  /** A pair, or a table that has no pairs left. */
  remove(text, at) {
    const statements = statementsOf(text)
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

/** Throws E_CONFIG naming the line. */
function statementsOf(text: string): readonly Statement[] {
  try {
    return parseTOML(text, { tomlVersion: '1.1' }).body[0].body.flatMap((node) =>
      node.type === 'TOMLTable' ? [headOf(text, node), ...node.body.map((pair) => pairOf(pair, tablePath(node)))] : [pairOf(node, [])],
    )
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw notEditable(error.message, error.lineNumber)
  }
}

function headOf(text: string, node: AST.TOMLTable): Statement {
  const list = node.kind === 'array'
  return { kind: 'table', path: tablePath(node), list, start: node.range[0], end: text.indexOf(']', node.key.range[1]) + (list ? 2 : 1) }
}

/** Without the places in lists of tables. */
function tablePath(node: AST.TOMLTable): Path {
  return getStaticTOMLValue(node.key)
}

function pairOf({ key, value, range: [start, end] }: AST.TOMLKeyValue, table: Path): Pair {
  return { kind: 'pair', path: [...table, ...getStaticTOMLValue(key)], table, start, value, end }
}

function headerOf(statements: readonly Statement[], at: Path): number {
  return statements.findIndex((s) => s.kind === 'table' && s.path.length === at.length && startsWith(s.path, at))
}

function pairAt(statements: readonly Statement[], at: Path): Pair | undefined {
  return statements.find((s): s is Pair => s.kind === 'pair' && startsWith(s.path, at) && s.path.length === at.length)
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, i) => path[i] === key)
}

/** The same setting may be written as an inline table or with dotted keys; a second table of that name would be an error. */
function refuseOtherSpellings(text: string, statements: readonly Statement[], at: Path): void {
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

function insertAtRoot(text: string, statements: readonly Statement[], line: string): string {
  const last = statements.findLast((s): s is Pair => s.kind === 'pair' && s.table.length === 0)
  if (last !== undefined) return insertAfter(text, last.end, line)
  const eol = eolOf(text)
  return text === '' ? `${line}${eol}` : `${line}${eol}${/^\r?\n/.test(text) ? '' : eol}${text}`
}

function insertInTable(text: string, statements: readonly Statement[], table: Path, line: string): string {
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
