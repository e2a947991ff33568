import { formatMs, formatUsd, table } from '../../kit/index.js'
import type { Sweep, SweepPoint } from '../../simulate/index.js'
import type { Look } from '../paint.js'

/** Cells of the plot without its labels, at most. */
const WIDTH = 60
const LEAST_WIDTH = 20
const HEIGHT = 14
const LABEL = 8

/** Trade-offs of the weights: a plot of spend against predicted quality, and the frontier as a table. */
export function showSweep(sweep: Sweep, { paint, width }: Look): string {
  const { points, recommended, actual, minQuality } = sweep
  const frontier = points.filter((p) => p.frontier).sort((a, b) => a.cost - b.cost)
  return [
    ...plot(sweep, { paint, width: Math.max(LEAST_WIDTH, Math.min(WIDTH, width - LABEL)) }),
    '',
    table<SweepPoint>(
      frontier,
      [
        { head: '', cell: (p) => (p === recommended ? '★' : ' ') },
        { head: 'COST', align: 'right', cell: (p) => p.weights.cost.toFixed(1) },
        { head: 'QUALITY', align: 'right', cell: (p) => p.weights.quality.toFixed(1) },
        { head: 'LATENCY', align: 'right', cell: (p) => p.weights.latency.toFixed(1) },
        { head: 'SPEND', align: 'right', cell: (p) => formatUsd(p.cost) },
        { head: 'PREDICTED QUALITY', align: 'right', cell: (p) => p.quality.toFixed(3) },
        { head: 'P50', leave: 1, align: 'right', cell: (p) => formatMs(p.p50Ms) },
      ],
      { head: paint.dim, width },
    ),
    `${points.length} settings, ${frontier.length} of them not beaten in spend, quality and latency together. Actual: ${formatUsd(actual.cost)} at quality ${actual.quality.toFixed(3)}.`,
    recommended === null
      ? `No setting keeps a predicted quality of ${minQuality.toFixed(3)}.`
      : paint.green(`Cheapest that keeps a predicted quality of ${minQuality.toFixed(3)}: --weights ${weightsText(recommended)}`),
  ].join('\n')
}

function weightsText({ weights: { cost, quality, latency } }: SweepPoint): string {
  return `cost=${cost},quality=${quality},latency=${latency}`
}

/** Spend to the right (logarithmic), quality upwards: ● on the frontier, · beaten, ◆ what happened, ★ recommended. */
function plot({ points, recommended, actual }: Sweep, { paint, width }: Look): readonly string[] {
  const places = [...points, actual]
  const xs = places.map((p) => Math.log(Math.max(1, p.cost)))
  const ys = places.map((p) => p.quality)
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const grid = Array.from({ length: HEIGHT }, () => Array.from({ length: width }, () => ' '))
  const put = ({ cost, quality }: { readonly cost: number; readonly quality: number }, mark: string): void => {
    const x = right === left ? 0 : Math.round(((Math.log(Math.max(1, cost)) - left) / (right - left)) * (width - 1))
    const y = high === low ? 0 : Math.round(((high - quality) / (high - low)) * (HEIGHT - 1))
    const row = grid[y]
    if (row !== undefined) row[x] = mark
  }
  for (const p of points) if (!p.frontier) put(p, paint.dim('·'))
  for (const p of points) if (p.frontier) put(p, '●')
  put(actual, paint.yellow('◆'))
  if (recommended !== null) put(recommended, paint.green('★'))
  const label = (row: number): string => (row === 0 ? high.toFixed(3) : row === HEIGHT - 1 ? low.toFixed(3) : '').padStart(6)
  const ends = [left, right].map((x) => formatUsd(Math.round(Math.exp(x))))
  return [
    'predicted quality',
    ...grid.map((row, i) => `${label(i)} │${row.join('')}`.trimEnd()),
    `       └${'─'.repeat(width)}`,
    `        ${ends[0]} spend`.padEnd(width + LABEL - (ends[1]?.length ?? 0)) + (ends[1] ?? ''),
    '● not beaten  · beaten  ◆ what happened  ★ recommended',
  ]
}
