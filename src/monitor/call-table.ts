import { formatMs, formatTimeOfDay, formatUsd, padCells } from '../kit/index.js'
import { outputSpeed } from '../ledger/index.js'
import { bar, STATUS_GLYPH, withoutProvider } from './lines.js'
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

interface Column {
  readonly head: string
  readonly width: number
  readonly align?: 'right'
  /** Columns are dropped from the highest rank down when the screen is narrow. */
  readonly rank: number
  text(call: CallLine): string
  paint?(call: CallLine, palette: Palette): (text: string) => string
}

const MODEL_LEAST = 8
const REASON_LEAST = 24

const faint: Column['paint'] = (_call, palette) => palette.faint

const FIXED: readonly Column[] = [
  { head: '', width: 1, rank: 0, text: (c) => STATUS_GLYPH[c.status], paint: (c, p) => p.status(c.status) },
  { head: 'time', width: 8, rank: 5, text: (c) => formatTimeOfDay(c.startedAtMs), paint: faint },
  { head: 'task', width: 14, rank: 6, text: (c) => c.task },
  { head: 'hard', width: 4, rank: 4, text: (c) => bar(c.difficulty, 4), paint: (c, p) => p.difficulty(c.difficulty) },
  {
    head: 'cost',
    width: 9,
    rank: 2,
    align: 'right',
    text: (c) => (c.status === 'running' ? '' : formatUsd(c.costNano)),
    paint: (_c, p) => p.money,
  },
  { head: 'first', width: 7, rank: 7, align: 'right', text: (c) => (c.ttftMs === null ? '' : formatMs(c.ttftMs)) },
  { head: 'took', width: 7, rank: 3, align: 'right', text: (c) => (c.latencyMs === null ? '…' : formatMs(c.latencyMs)) },
  { head: 'tok/s', width: 5, rank: 8, align: 'right', text: (c) => outputSpeed(c)?.toFixed(0) ?? '' },
  { head: 'tries', width: 5, rank: 10, align: 'right', text: (c) => (c.attempts > 1 ? String(c.attempts) : ''), paint: (_c, p) => p.warn },
  { head: 'client', width: 12, rank: 9, text: (c) => c.client, paint: faint },
  { head: 'session', width: 10, rank: 11, text: (c) => c.session ?? '', paint: faint },
]

/** The columns that fit into `width` cells, with the model's and the reason's widths set; a space stands between columns. */
function fitColumns(width: number, calls: readonly CallLine[]): readonly Column[] {
  const modelWants = modelWidth(width, calls)
  let shown = FIXED
  const used = (columns: readonly Column[]): number => columns.reduce((sum, { width }) => sum + width + 1, 0)
  const wanted = width >= 60 ? modelWants + 1 + REASON_LEAST : MODEL_LEAST
  while (shown.length > 1 && used(shown) + wanted > width) {
    const worst = Math.max(...shown.map(({ rank }) => rank))
    shown = shown.filter(({ rank }) => rank !== worst)
  }
  const left = width - used(shown)
  const withReason = left >= modelWants + 1 + REASON_LEAST
  const model: Column = {
    head: 'model',
    width: withReason ? modelWants : Math.max(1, left),
    rank: 1,
    text: (c) => modelName(c, withReason ? modelWants : left),
  }
  const reason: Column = {
    head: 'reason',
    width: left - modelWants - 1,
    rank: 1,
    text: (c) => c.error ?? c.reason,
    paint: (c, p) => (c.error === null ? p.faint : p.bad),
  }
  const at = shown.findIndex(({ head }) => head === 'task' || head === 'hard' || head === 'cost' || head === 'took')
  const split = at < 0 ? shown.length : at
  return [...shown.slice(0, split), model, ...shown.slice(split), ...(withReason ? [reason] : [])]
}

/** Complete names if they take no more than a fifth of the line, else names without their provider. */
function modelWidth(width: number, calls: readonly CallLine[]): number {
  const names = calls.flatMap(({ model }) => model ?? [])
  const longest = (texts: readonly string[]): number => Math.max(MODEL_LEAST, ...texts.map((text) => text.length))
  const whole = longest(names)
  return whole <= width / 5 ? whole : Math.min(28, longest(names.map(withoutProvider)))
}

/** Without its provider if it would not fit completely. */
function modelName(call: CallLine, width: number): string {
  const model = call.model ?? 'none'
  return model.length <= width ? model : withoutProvider(model)
}
