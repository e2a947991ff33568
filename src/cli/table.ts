import { stripVTControlCharacters as stripAnsi } from 'node:util'

export interface Column<Row> {
  readonly head: string
  readonly align?: 'right'
  /** Takes what is left of the line and is cut when it does not fit; at most one column of a table. */
  readonly flexible?: true
  cell(row: Row): string
}

/** Rows under aligned heads, at most `width` columns wide when there is a flexible column. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: { width?: number; head?: (text: string) => string } = {},
): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)))
  const widths = columns.map((column, at) => Math.max(cellWidth(column.head), ...cells.map((line) => cellWidth(line[at] ?? ''))))
  const flexible = columns.findIndex((column) => column.flexible)
  if (flexible >= 0 && options.width !== undefined) {
    const others = widths.reduce((sum, width, at) => (at === flexible ? sum : sum + width + 2), 0)
    widths[flexible] = Math.min(widths[flexible] ?? 0, Math.max(8, options.width - others))
  }
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, at) => pad(text, widths[at] ?? 0, columns[at]?.align === 'right'))
      .join('  ')
      .trimEnd()
  const head = line(columns.map((column) => column.head))
  return [options.head?.(head) ?? head, ...cells.map(line)].map((text) => `${text}\n`).join('')
}

function pad(text: string, width: number, right: boolean): string {
  const fitted = cellWidth(text) > width ? cut(text, width) : text
  const gap = ' '.repeat(width - cellWidth(fitted))
  return right ? gap + fitted : fitted + gap
}

/** Cells a text takes in a terminal: East Asian wide characters and emoji take two, colours none. */
export function cellWidth(text: string): number {
  let width = 0
  for (const { segment } of SEGMENTS.segment(stripAnsi(text))) width += WIDE.test(segment) ? 2 : ZERO.test(segment) ? 0 : 1
  return width
}

/** Cuts to a width with an ellipsis; colours are lost where something is cut. */
export function cut(text: string, width: number): string {
  let out = ''
  let used = 0
  for (const { segment } of SEGMENTS.segment(stripAnsi(text))) {
    const next = used + cellWidth(segment)
    if (next > width - 1) return `${out}…`
    out += segment
    used = next
  }
  return out
}

const SEGMENTS = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u{ff01}-\u{ff60}\u{3001}-\u{303f}]|\p{Emoji_Presentation}/u
const ZERO = /^[\p{Cc}\p{Mn}\p{Cf}]+$/u
