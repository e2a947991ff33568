import { cellWidth, cutCells, padCells } from './cell-width.js'

export interface Column<Row> {
  readonly head: string
  readonly align?: 'right'
  /** Gets the rest of the line and is cut when it does not fit; at most one column of a table. */
  readonly flexible?: true
  /** Where a line is too narrow for all, the columns that have such a number are left out, the lowest first. */
  readonly leave?: number
  cell(row: Row): string
}

/** How a table is drawn. */
interface TableLook {
  /** Widest line allowed, in terminal cells. */
  readonly width?: number
  /** Heads are dim. */
  readonly paint?: { dim(text: string): string }
}

/** Cells that a flexible column has at least, and one that would rather be left out. */
const LEAST = 8
const LEAST_WORTH = 16

interface Laid<Row> {
  readonly column: Column<Row>
  readonly cells: readonly string[]
  readonly width: number
}

/** Rows under aligned heads, two spaces between columns. */
export function table<Row>(rows: readonly Row[], look: TableLook, columns: readonly Column<Row>[]): string {
  const { width: widest = Number.POSITIVE_INFINITY, paint } = look
  const all = columns.map((column) => {
    const cells = rows.map((row) => column.cell(row))
    return { column, cells, width: Math.max(cellWidth(column.head), ...cells.map(cellWidth)) }
  })
  const laid = lay(all, widest)
  const line = (textOf: (of: Laid<Row>) => string): string => {
    const text = laid
      .map((of) => padCells(textOf(of), of.width, of.column.align))
      .join('  ')
      .trimEnd()
    return cutCells(text, widest)
  }
  const head = line(({ column }) => column.head)
  return [paint?.dim(head) ?? head, ...rows.map((_, at) => line(({ cells }) => cells[at] ?? ''))].map((text) => `${text}\n`).join('')
}

/** Narrows the flexible column, then leaves columns out, until a line fits or nothing more can go. */
function lay<Row>(all: readonly Laid<Row>[], widest: number): readonly Laid<Row>[] {
  const others = all.reduce((sum, { column, width }) => (column.flexible ? sum : sum + width + 2), 0)
  const flexible = all.find(({ column }) => column.flexible)
  const least = flexible === undefined ? -2 : Math.min(flexible.width, flexible.column.leave === undefined ? LEAST : LEAST_WORTH)
  const next = Math.min(...all.map(({ column }) => column.leave ?? Number.POSITIVE_INFINITY))
  if (others + least > widest && next < Number.POSITIVE_INFINITY)
    return lay(
      all.filter(({ column }) => column.leave !== next),
      widest,
    )
  return all.map((of) => (of === flexible ? { ...of, width: Math.min(of.width, Math.max(least, widest - others)) } : of))
}
