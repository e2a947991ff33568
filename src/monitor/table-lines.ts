import { padCells } from '../kit/index.js'
import { fitColumns } from './fit-columns.js'
import type { Palette } from './palette.js'
import type { CallLine } from './snapshot.js'

interface TableView {
  readonly width: number
  readonly height: number
  /** Index of the selected call, -1 for none. */
  readonly selected: number
}

/** The head and as many calls as fit, scrolled so that the selected one is visible. */
export function tableLines(calls: readonly CallLine[], view: TableView, palette: Palette): readonly string[] {
  const { width, height, selected } = view
  const columns = fitColumns(width, calls.slice(0, height))
  const head = columns.map(({ head: name, width: cells, align }) => padCells(name, cells, align)).join(' ')
  const rows = Math.max(0, height - 1)
  const first = Math.max(0, Math.min(selected - Math.floor(rows / 2), calls.length - rows))
  const lines = calls.slice(first, first + rows).map((call, at) => {
    const plain = columns.map((column) => padCells(column.text(call), column.width, column.align))
    // The mark shows the selection when there is no colour.
    if (first + at === selected) return palette.selected(plain.join(' ').replace(' ', '▸'))
    return columns.map((column, i) => (column.paint?.(call, palette) ?? String)(plain[i] ?? '')).join(' ')
  })
  return [palette.faint(head), ...lines]
}
