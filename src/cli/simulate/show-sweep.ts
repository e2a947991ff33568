import { formatMs, formatUsd, table } from '../../kit/index.js'
import type { Sweep, SweepPoint } from '../../simulate/index.js'
import type { Look } from '../paint.js'
import { leftOut, quality } from './show-simulation.js'

/** Cells of the plot without its labels, at most. */
const WIDTH = 60
const LEAST_WIDTH = 20
const HEIGHT = 14
const LABEL = 8

/** Trade-offs of the weights: a plot of spend against predicted quality, and the frontier as a table. */
export function showSweep(sweep: Sweep, look: Look): string {
  const { points, recommended, actual, excluded } = sweep
  const { paint, width } = look
  if (points.length === 0) return ['There is no figure to show.', ...leftOut(excluded, look)].join('\n')
  const frontier = points.filter((p) => p.frontier).sort((a, b) => a.cost - b.cost)
  return [
    ...plot(sweep, { paint, width: Math.max(LEAST_WIDTH, Math.min(WIDTH, width - LABEL)) }),
    '',
    table<SweepPoint>(frontier, look, [
      { head: '', cell: (p) => (p === recommended ? '★' : ' ') },
      { head: 'COST', align: 'right', cell: (p) => p.weights.cost.toFixed(1) },
      { head: 'QUALITY', align: 'right', cell: (p) => p.weights.quality.toFixed(1) },
      { head: 'LATENCY', align: 'right', cell: (p) => p.weights.latency.toFixed(1) },
      { head: 'SPEND', align: 'right', cell: (p) => formatUsd(p.cost) },
      { head: 'PREDICTED QUALITY', align: 'right', cell: (p) => p.quality.toFixed(3) },
      { head: 'P50', leave: 1, align: 'right', cell: (p) => formatMs(p.p50Ms) },
    ]),
    `${points.length} settings, ${frontier.length} of them not beaten in spend, quality and latency together. Actual: ${formatUsd(actual.cost)} at quality ${quality(actual.quality)}.`,
    ...advice(sweep, look),
    ...leftOut(excluded, look),
  ].join('\n')
}

/** The recommended setting, and how far to trust it. */
function advice({ recommended, actual, minQuality, floor }: Sweep, { paint }: Look): readonly string[] {
  if (recommended === null) return [`No setting keeps a predicted quality of ${quality(minQuality)}.`]
  const { cost, evidence, doubts } = recommended
  const isDearer = cost > actual.cost && (actual.quality ?? 0) >= (minQuality ?? 0)
  return [
    paint.green(`Cheapest that keeps a predicted quality of ${quality(minQuality)}: --weights ${weightsText(recommended, floor)}`),
    ...(isDearer ? ['What happened was cheaper, at that quality.'] : []),
    ...(evidence === 'sufficient' ? [] : [paint.yellow(`Its evidence is ${evidence}: ${doubts.join('; ')}.`)]),
  ]
}

function weightsText({ weights: { cost, quality, latency } }: SweepPoint, floor: number): string {
  return `cost=${cost},quality=${quality},latency=${latency}${floor === 0 ? '' : `,floor=${floor}`}`
}

/** Spend to the right (logarithmic), quality upwards: ● on the frontier, · beaten, ◆ what happened, ★ recommended. */
function plot({ points, recommended, actual }: Sweep, { paint, width }: Look): readonly string[] {
  const happened = actual.quality === null ? [] : [{ cost: actual.cost, quality: actual.quality }]
  const places = [...points, ...happened]
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
  for (const p of happened) put(p, paint.yellow('◆'))
  if (recommended !== null) put(recommended, paint.green('★'))
  const label = (row: number): string => (row === 0 ? high.toFixed(3) : row === HEIGHT - 1 ? low.toFixed(3) : '').padStart(6)
  const costs = places.map((p) => p.cost)
  const ends = [formatUsd(Math.min(...costs)), formatUsd(Math.max(...costs))]
  return [
    'predicted quality',
    ...grid.map((row, i) => `${label(i)} │${row.join('')}`.trimEnd()),
    `       └${'─'.repeat(width)}`,
    `        ${ends[0]} spend`.padEnd(width + LABEL - (ends[1]?.length ?? 0)) + (ends[1] ?? ''),
    '● not beaten  · beaten  ◆ what happened  ★ recommended',
  ]
}
