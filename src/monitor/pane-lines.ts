import { cutCells, formatCount, formatPercent, formatUsd, padCells } from '../kit/index.js'
import { BREAKER_GLYPH, bar, sparkline, withoutProvider } from './lines.js'
import type { Palette } from './palette.js'
import type { ModelLine, Snapshot } from './snapshot.js'

const COST = 10
const SHARE = 6

/** Spend per model as bars, most expensive first, each with the state of its breaker if a daemon reports it. */
export function modelLines({ models }: Snapshot, width: number, height: number, palette: Palette): readonly string[] {
  const sorted = models.toSorted((a, b) => b.costNano - a.costNano).slice(0, height - 1)
  const total = models.reduce((sum, { costNano }) => sum + costNano, 0)
  const top = Math.max(1, ...sorted.map(({ costNano }) => costNano))
  const names = sorted.map(({ model }) => model)
  const whole = Math.max(8, ...names.map((model) => model.length))
  const isWhole = whole <= width / 3
  const name = isWhole ? whole : Math.min(Math.floor(width / 2), Math.max(8, ...names.map((model) => withoutProvider(model).length)))
  const lit = models.some(({ breaker }) => breaker !== null)
  const room = Math.max(0, width - name - 1 - COST - SHARE - (lit ? 2 : 0))
  const order = models.map(({ model }) => model)
  return [
    palette.faint(cutCells('spend by model this month', width)),
    ...sorted.map(({ model, calls, costNano, breaker }) => {
      const share = total === 0 ? formatCount(calls) : formatPercent(costNano / total)
      return `${lit ? light(breaker, palette) : ''}${padCells(isWhole ? model : withoutProvider(model), name)} ${palette.model(order.indexOf(model))(bar(costNano / top, room))}${padCells(formatUsd(costNano), COST, 'right')}${padCells(share, SHARE, 'right')}`
    }),
  ]
}

function light(breaker: ModelLine['breaker'], palette: Palette): string {
  if (breaker === null) return '  '
  const paint = breaker === 'open' ? palette.bad : breaker === 'half-open' ? palette.warn : palette.good
  return `${paint(BREAKER_GLYPH[breaker])} `
}

export function trendLines({ trend }: Snapshot, width: number, palette: Palette): readonly string[] {
  const hours = Math.min(trend.length, width)
  return [
    palette.faint(cutCells(`spend an hour, ${hours} h, now ${formatUsd(trend.at(-1) ?? 0)}`, width)),
    palette.money(sparkline(trend, width)),
  ]
}

/** Sessions of late and how much of their prompts a cache still holds. */
export function sessionLines({ sessions }: Snapshot, width: number, height: number, palette: Palette): readonly string[] {
  // A bar beside the share, where names have room enough.
  const barred = width >= 46
  const cached = barred ? 10 : 8
  const room = Math.max(6, width - 6 - cached - 10)
  return [
    palette.faint(
      `${padCells('session', room)}${padCells('turns', 6, 'right')}${padCells('cached', cached, 'right')}${padCells('cost', 10, 'right')}`,
    ),
    ...sessions.slice(0, Math.max(0, height - 1)).map(({ session, client, turns, warmth, costNano }) => {
      const name = padCells(`${client} ${session}`, room)
      const warm = padCells(
        warmth === null ? '—' : `${barred ? `${bar(warmth, 4)} ` : ''}${formatPercent(warmth).padStart(4)}`,
        cached,
        'right',
      )
      return `${name}${padCells(String(turns), 6, 'right')}${(warmth ?? 0) > 0.5 ? palette.good(warm) : palette.faint(warm)}${padCells(formatUsd(costNano), 10, 'right')}`
    }),
  ]
}
