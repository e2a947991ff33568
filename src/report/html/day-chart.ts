import { escapeHtml } from './html-table.js'

export interface Day {
  readonly name: string
  readonly costUsd: number
  /** What the same calls would have cost with the baseline; equal to the cost where there is no comparison. */
  readonly baselineUsd: number
}

const WIDTH = 960
const HEIGHT = 220
const LEFT = 64
const BOTTOM = 24
const TOP = 10

/** Spend a day as columns, the baseline's cost as a mark over each. */
export function dayChart(days: readonly Day[], usd: (value: number) => string): string {
  if (days.length === 0) return ''
  const top = Math.max(...days.map(({ costUsd, baselineUsd }) => Math.max(costUsd, baselineUsd))) || 1
  const step = (WIDTH - LEFT) / days.length
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)
  const width = Math.max(1, Math.min(28, step - 2))
  const columns = days.map(({ name, costUsd, baselineUsd }, at) => {
    const x = LEFT + step * at + (step - width) / 2
    const text = `${name}: spent ${usd(costUsd)}, baseline ${usd(baselineUsd)}`
    return `<rect class="spend" x="${fixed(x)}" y="${fixed(y(costUsd))}" width="${fixed(width)}" height="${fixed(y(0) - y(costUsd))}"><title>${escapeHtml(text)}</title></rect>`
  })
  const marks = days.map(({ baselineUsd }, at) => {
    const middle = LEFT + step * (at + 0.5)
    const half = Math.min(step, width + 8) / 2
    return `<line class="baseline" x1="${fixed(middle - half)}" x2="${fixed(middle + half)}" y1="${fixed(y(baselineUsd))}" y2="${fixed(y(baselineUsd))}"/>`
  })
  const ticks = [0, top / 2, top].map(
    (value) =>
      `<line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/><text x="${LEFT - 8}" y="${fixed(y(value) + 4)}" text-anchor="end">${escapeHtml(usd(value))}</text>`,
  )
  const every = Math.ceil(days.length / 10)
  const names = days.map(({ name }, at) =>
    at % every === 0
      ? `<text x="${fixed(LEFT + step * (at + 0.5))}" y="${HEIGHT - 6}" text-anchor="middle">${escapeHtml(name.slice(5))}</text>`
      : '',
  )
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Spend a day">${ticks.join('')}${columns.join('')}${marks.join('')}${names.join('')}</svg>
<p class="soft"><span class="key spend"></span>spent<span class="key baseline"></span>what the baseline would have cost</p>`
}

function fixed(value: number): string {
  return value.toFixed(1)
}
