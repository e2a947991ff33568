/** Where things stand on a screen of a given size, in cells. Zero means not shown. */
export type Layout = Readonly<ReturnType<typeof layoutFor>>

const SIDE_FROM_COLUMNS = 110
const BELOW_FROM_ROWS = 20

/** One row of the terminal stays free, so that drawing the last line never scrolls. */
export function layoutFor(columns: number, rows: number) {
  const width = Math.max(1, columns)
  const height = Math.max(1, rows - 1)
  const header = height >= 8 ? 3 : height >= 4 ? 1 : 0
  const keys = height >= 10 ? 1 : 0
  const side = width >= SIDE_FROM_COLUMNS ? Math.min(64, Math.max(40, Math.floor(width / 4))) : 0
  const gap = header > 0 ? 1 : 0
  const body = height - header - gap - keys
  const below = side === 0 && height >= BELOW_FROM_ROWS && width >= 40 ? Math.min(9, Math.floor(body / 3)) : 0
  return {
    width,
    height,
    header,
    keys,
    /** Lines of the table, its head included. */
    table: body - (below === 0 ? 0 : below + 1),
    tableWidth: side === 0 ? width : width - side - 2,
    /** A column of panes at the right. */
    side,
    /** Panes below the table when there is no room beside it. */
    below,
  }
}
