import { formatMs, formatTimeOfDay, formatUsd } from '../kit/index.js'
import { bar, STATUS_GLYPH } from './glyphs.js'
import { withoutProvider } from './model-name.js'
import type { Palette } from './palette.js'
import type { CallLine } from './snapshot.js'

/** One column of the table of calls. */
export interface Column {
  readonly head: string
  readonly width: number
  readonly align: 'left' | 'right'
  /** Columns are dropped from the highest rank down when the screen is narrow. */
  readonly rank: number
  text(call: CallLine): string
  paint?(call: CallLine, palette: Palette): (text: string) => string
}

const MODEL_LEAST = 8
const REASON_LEAST = 24

const column = (
  head: string,
  width: number,
  rank: number,
  text: Column['text'],
  paint?: Column['paint'],
  align: Column['align'] = 'left',
): Column => ({
  head,
  width,
  align,
  rank,
  text,
  ...(paint === undefined ? {} : { paint }),
})

const faint: Column['paint'] = (_call, palette) => palette.faint

const FIXED: readonly Column[] = [
  column(
    '',
    1,
    0,
    (c) => STATUS_GLYPH[c.status],
    (c, p) => p.status(c.status),
  ),
  column('time', 8, 5, (c) => formatTimeOfDay(c.startedAtMs), faint),
  column('task', 14, 6, (c) => c.task),
  column(
    'hard',
    4,
    4,
    (c) => bar(c.difficulty, 4),
    (c, p) => p.difficulty(c.difficulty),
  ),
  column(
    'cost',
    9,
    2,
    (c) => (c.status === 'running' ? '' : c.costNano === null ? 'unpriced' : formatUsd(c.costNano)),
    (_c, p) => p.money,
    'right',
  ),
  column('first', 7, 7, (c) => (c.ttftMs === null ? '' : formatMs(c.ttftMs)), undefined, 'right'),
  column('took', 7, 3, (c) => (c.latencyMs === null ? '…' : formatMs(c.latencyMs)), undefined, 'right'),
  column('tok/s', 5, 8, (c) => speed(c), undefined, 'right'),
  column(
    'tries',
    5,
    10,
    (c) => (c.attempts > 1 ? String(c.attempts) : ''),
    (_c, p) => p.warn,
    'right',
  ),
  column('client', 12, 9, (c) => c.client, faint),
  column('session', 10, 11, (c) => c.session ?? '', faint),
]

/** The columns that fit into `width` cells, with the model's and the reason's widths set; a space stands between columns. */
export function fitColumns(width: number, calls: readonly CallLine[]): readonly Column[] {
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
  const model = column(
    'model',
    withReason ? modelWants : Math.max(1, left),
    1,
    (c) => modelName(c, withReason ? modelWants : left),
    undefined,
  )
  const reason = column(
    'reason',
    left - modelWants - 1,
    1,
    (c) => c.error ?? c.reason,
    (c, p) => (c.error === null ? p.faint : p.bad),
  )
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

function speed({ outputTokens, latencyMs, ttftMs }: CallLine): string {
  if (outputTokens === null || latencyMs === null || ttftMs === null || latencyMs - ttftMs < 1) return ''
  return String(Math.round(outputTokens / ((latencyMs - ttftMs) / 1000)))
}
