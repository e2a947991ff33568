import { cellWidth, padCells } from './cell-width.js'

export interface Column<Row> {
  readonly head: string
  readonly align?: 'right'
  /** Takes what is left of the line and is cut when it does not fit; at most one column of a table. */
  readonly flexible?: true
  cell(row: Row): string
}

interface TableOptions {
  /** Widest line allowed, where the table has a flexible column. */
  readonly width?: number
  head?(text: string): string
}

/** Rows under aligned heads, two spaces between columns. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions = {}): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)))
  const widths = columns.map((column, at) => Math.max(cellWidth(column.head), ...cells.map((line) => cellWidth(line[at] ?? ''))))
  const flexible = columns.findIndex((column) => column.flexible)
  if (flexible >= 0 && options.width !== undefined) {
    const others = widths.reduce((sum, width, at) => (at === flexible ? sum : sum + width + 2), 0)
    widths[flexible] = Math.min(widths[flexible] ?? 0, Math.max(8, options.width - others))
  }
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, at) => padCells(text, widths[at] ?? 0, columns[at]?.align))
      .join('  ')
      .trimEnd()
  const head = line(columns.map((column) => column.head))
  return [options.head?.(head) ?? head, ...cells.map(line)].map((text) => `${text}\n`).join('')
}
