import { formatCount, formatDollars, formatMs, formatNumberOf, formatPercent, formatUsd, localDay, usdFromNano } from '../../kit/index.js'
import { dayChart, escapeHtml, htmlTable, STYLE } from '../../report/index.js'
import type { Baseline, GroupShift, Simulation, Sweep, SweepPoint } from '../../simulate/index.js'
import { quality } from './show-simulation.js'

const ROWS = 30
const WIDTH = 960
const HEIGHT = 300
const MARGIN = 60

/** Simulations as one page that needs nothing else: no network, no script. */
export function simulationPage(all: readonly Simulation[], sweep: Sweep): string {
  const [first] = all
  const span = first === undefined ? '' : `${dayOf(first.sinceMs)} to ${dayOf(first.untilMs)}, ${formatCount(first.calls)} calls`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>llmroute, simulated</title><style>${STYLE}</style></head><body>
<h1>What other policies would have cost</h1>
<p class="soft">${escapeHtml(span)}</p>
${policies(all)}
<h2>Trade-offs</h2>
${paretoChart(sweep)}
${all.map(policy).join('\n')}
</body></html>
`
}

function dayOf(ms: number | null): string {
  return ms === null ? '' : localDay(ms)
}

function policies(all: readonly Simulation[]): string {
  return htmlTable(all, [
    { head: 'policy', cell: (s) => s.policy },
    { head: 'spent', number: true, cell: (s) => formatUsd(s.actual.cost) },
    { head: 'simulated', number: true, cell: (s) => formatUsd(s.simulated.cost.value) },
    { head: '95% interval', cell: ({ simulated: { cost } }) => `${formatUsd(cost.low)} to ${formatUsd(cost.high)}` },
    { head: 'saved', number: true, cell: (s) => formatUsd(s.savings.value) },
    { head: 'quality', number: true, cell: (s) => `${quality(s.actual.quality)} → ${quality(s.simulated.quality?.value)}` },
    { head: 'median', number: true, cell: (s) => `${formatMs(s.actual.p50Ms)} → ${formatMs(s.simulated.p50Ms)}` },
    { head: 'changed', number: true, cell: (s) => formatPercent(s.calls === 0 ? 0 : s.changed / s.calls) },
    { head: 'evidence', cell: (s) => [s.evidence, ...s.doubts].join(': ') },
  ])
}

function policy(s: Simulation): string {
  const days = s.byDay.map((d) => ({ name: d.name, costUsd: usdFromNano(d.simulatedCost), baselineUsd: usdFromNano(d.actualCost) }))
  const { measured, substitution, behaviour } = s.errors
  return `<h2>${escapeHtml(s.policy)}</h2>
<p class="soft">${escapeHtml(`Check of the log: ${formatCount(s.reproduced)} of ${formatCount(s.checked)} decisions reproduced, ${formatCount(s.rechained)} states rebuilt, ${formatCount(s.repriced)} costs recomputed exactly.`)}</p>
<p class="soft">${escapeHtml(`${formatUsd(measured.cost)} of ${formatCount(measured.calls)} calls is measured; ${formatUsd(substitution.cost.value)} (${formatUsd(substitution.cost.low)} to ${formatUsd(substitution.cost.high)}) of ${formatCount(substitution.calls)} calls rests on another model’s tokens. ${behaviour.worse.toFixed(1)} answers are predicted to be worse and ${behaviour.better.toFixed(1)} better, which no interval holds.`)}</p>
${s.excluded.map(({ reason, calls }) => `<p class="soft">${escapeHtml(`Left out: ${formatNumberOf(calls, 'call')}, ${reason}.`)}</p>`).join('\n')}
<h3>Spend a day: simulated, and as it was (the line)</h3>
${dayChart(days, formatDollars).replace('what the baseline would have cost', 'what was spent')}
<h3>Against</h3>
${htmlTable<Baseline>(s.baselines, [
  { head: 'baseline', cell: (b) => b.name },
  { head: 'spend', number: true, cell: (b) => formatUsd(b.cost) },
  { head: 'saved', number: true, cell: (b) => formatUsd(Math.round(b.savings)) },
  { head: 'evidence', cell: (b) => b.evidence },
])}
<h3>Routes</h3>
${shifts('route', s.byRoute.slice(0, ROWS))}
<h3>Sessions that flip</h3>
${shifts('session', s.bySession.filter((one) => one.changed > 0).slice(0, ROWS))}`
}

function shifts(what: string, rows: readonly GroupShift[]): string {
  return htmlTable(rows, [
    { head: what, cell: (r) => r.name },
    { head: 'calls', number: true, cell: (r) => formatCount(r.calls) },
    { head: 'changed', number: true, cell: (r) => formatCount(r.changed) },
    { head: 'spent', number: true, cell: (r) => formatUsd(r.actualCost) },
    { head: 'simulated', number: true, cell: (r) => formatUsd(r.simulatedCost) },
  ])
}

/** Spend to the right (logarithmic), predicted quality upwards; points on the frontier are filled and connected. */
function paretoChart({ points, actual, recommended, minQuality }: Sweep): string {
  if (points.length === 0 || actual.quality === null) return '<p class="soft">There is no figure to show.</p>'
  const here = { cost: actual.cost, quality: actual.quality }
  const places = [...points, here]
  const xs = places.map((p) => Math.log(Math.max(1, p.cost)))
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const [low, high] = [Math.min(...places.map((p) => p.quality)), Math.max(...places.map((p) => p.quality))]
  const x = (cost: number): string =>
    (MARGIN + ((Math.log(Math.max(1, cost)) - left) / (right - left || 1)) * (WIDTH - 2 * MARGIN)).toFixed(1)
  const y = (good: number): string => (HEIGHT - MARGIN / 2 - ((good - low) / (high - low || 1)) * (HEIGHT - MARGIN)).toFixed(1)
  const frontier = points.filter((p) => p.frontier).sort((a, b) => a.cost - b.cost)
  const words = ({ weights: w, cost, quality: good, p50Ms }: SweepPoint): string =>
    `cost=${w.cost},quality=${w.quality},latency=${w.latency}: ${formatUsd(cost)}, quality ${quality(good)}, median ${formatMs(p50Ms)}`
  const dots = points.map(
    (p) =>
      `<circle cx="${x(p.cost)}" cy="${y(p.quality)}" r="${p === recommended ? 8 : 5}" ${p.frontier ? 'class="spend"' : 'fill="none" stroke="currentColor"'}><title>${escapeHtml(words(p))}</title></circle>`,
  )
  const line = `<polyline class="axis" fill="none" points="${frontier.map((p) => `${x(p.cost)},${y(p.quality)}`).join(' ')}"/>`
  const square = `<rect x="${x(here.cost)}" y="${y(here.quality)}" width="9" height="9" class="baseline"><title>as it was: ${escapeHtml(formatUsd(actual.cost))}</title></rect>`
  const ends = `<text x="${MARGIN}" y="${HEIGHT - 4}">${escapeHtml(formatUsd(Math.min(...places.map((p) => p.cost))))}</text><text x="${WIDTH - MARGIN}" y="${HEIGHT - 4}" text-anchor="end">${escapeHtml(formatUsd(Math.max(...places.map((p) => p.cost))))}</text><text x="4" y="20">${high.toFixed(3)}</text><text x="4" y="${HEIGHT - 30}">${low.toFixed(3)}</text>`
  const best =
    recommended === null
      ? ''
      : `<p class="soft">The large dot is the cheapest that keeps a predicted quality of ${quality(minQuality)}: ${escapeHtml(words(recommended))}.</p>`
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Spend against predicted quality">${line}${dots.join('')}${square}${ends}</svg>
<p class="soft">Spend to the right, predicted quality upwards; filled dots are not beaten in spend, quality and latency together; the square is what happened.</p>${best}`
}
