import type { Db } from './native.js'

type SeqRow = readonly [seq: number, ...rest: unknown[]]

export interface PageRange {
  readonly from: number
  readonly until: number
  /** Rows a page. */
  readonly size: number
}

/** Pages of rows whose first column is `seq`; the statement takes the first seq, the end and the size of a page. */
export function* readPages<Row extends SeqRow>(db: Db, sql: string, range: PageRange): Generator<Row[]> {
  const statement = db.prepare(sql).raw()
  let next = range.from
  for (;;) {
    const list = statement.all(next, range.until, range.size) as unknown as Row[]
    if (list.length > 0) yield list
    if (list.length < range.size) return
    next = (list[list.length - 1]?.[0] ?? next) + 1
  }
}

/** Pages as single rows, the next of which can be looked at without taking it. */
export interface Cursor<Row> {
  head(): Row | undefined
  advance(): void
}

export function openCursor<Row>(pages: Generator<Row[]>): Cursor<Row> {
  let list: readonly Row[] = []
  let at = 0
  function refill(): void {
    if (at < list.length) return
    list = (pages.next().value as Row[] | undefined) ?? []
    at = 0
  }
  refill()
  return {
    head: () => list[at],
    advance() {
      at++
      refill()
    },
  }
}
