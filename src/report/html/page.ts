import { formatCount, formatDollars, formatMs, formatNumberOf, formatPercent, localDay } from '../../kit/index.js'
import type { BaselineComparison, ProfileReturn, Report } from '../build-report.js'
import type { ArmResult } from '../experiment-results.js'
import type { Group } from '../group-rows.js'
import type { OverProvisionedRoute } from '../over-provisioned.js'
import type { PageData, SessionSum } from '../page-data.js'
import { type Day, dayChart } from './day-chart.js'
import { escapeHtml, htmlTable } from './html-table.js'
import { STYLE } from './style.js'

const usd = (value: number | null): string => formatDollars(value, '—')

/** A report as one page that needs nothing else: no network, no script. */
export function reportPage(data: PageData): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>llmroute, ${escapeHtml(spanOf(data))}</title><style>${STYLE}</style></head><body>
<h1>What the models cost</h1>
${reportBody(data)}
</body></html>
`
}

/** The report's figures and charts, as part of a page with the same style. */
export function reportBody(data: PageData): string {
  const { report } = data
  return `<p class="soft">${escapeHtml(spanOf(data))}, ${formatNumberOf(report.calls, 'call')}</p>
${tiles(data)}
${section('Spend a day', dayChart(data.days.map(day), usd))}
${section('Models', bars('model', data.models))}
${section('Tasks', bars('task', data.tasks))}
${section('Routes', bars('route', data.routes))}
${section('Return on routing', returns(report.profiles))}
${report.experiments.map(({ name, arms }) => section(`Experiment ${name}`, armTable(arms))).join('\n')}
${section('Routes with more model than they need', overProvisioned(report.overProvisioned))}
${section('Latency', latencies(data.models))}
${section('Dearest sessions of late', sessions(data.sessions))}
${section('Clients', bars('client', data.clients))}
<p class="soft">Savings compare what was spent with the same tokens at the baseline’s rates. Calls whose price is unknown are in no sum of money${report.unpricedCalls === 0 ? '' : ` (${formatCount(report.unpricedCalls)} here)`}.</p>`
}

function spanOf({ report }: PageData): string {
  return `${report.since === null ? 'up' : localDay(report.since)} to ${localDay(report.until)}`
}

function section(title: string, body: string): string {
  return body === '' ? '' : `<h2>${escapeHtml(title)}</h2>\n${body}`
}

function tiles({ report, latency }: PageData): string {
  const [baseline] = report.baselines
  const all: readonly (readonly [string, string, string])[] = [
    ['spent', usd(report.costUsd), spentBesides(report)],
    ...(baseline === undefined ? [] : [savedTile(baseline)]),
    ['tokens in', formatCount(report.inputTokens), `${formatPercent(report.cacheHitRate)} from caches`],
    ['tokens out', formatCount(report.outputTokens), ''],
    ['median call', formatMs(latency?.p50Ms ?? null), `p95 ${formatMs(latency?.p95Ms ?? null)}`],
    ['failed', formatPercent(report.errorRate), rates(report)],
  ]
  return `<div class="tiles">${all.map(([name, value, more]) => `<div><span class="soft">${escapeHtml(name)}</span><b>${escapeHtml(value)}</b><span class="soft">${escapeHtml(more)}</span></div>`).join('')}</div>`
}

function spentBesides({ shadowCostUsd, notional, imported }: Report): string {
  const parts = [
    imported.calls > 0 ? `${usd(imported.costUsd)} of it imported, at list prices` : '',
    shadowCostUsd > 0 ? `and ${usd(shadowCostUsd)} on shadow calls` : '',
    notional.calls > 0 ? `and ${usd(notional.costUsd)} notional: clients’ own credentials paid` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function savedTile({
  name,
  savingsUsd,
  savingsUsdLow,
  savingsUsdHigh,
  savingsFraction,
}: BaselineComparison): readonly [string, string, string] {
  const interval = savingsUsdLow === null ? '' : `, ${usd(savingsUsdLow)} to ${usd(savingsUsdHigh)}`
  return [savingsUsd < 0 ? 'lost' : 'saved', usd(Math.abs(savingsUsd)), `${formatPercent(savingsFraction)} against ${name}${interval}`]
}

function rates({ failoverRate, escalationRate }: Report): string {
  return `${formatPercent(failoverRate)} failovers, ${formatPercent(escalationRate)} escalations`
}

function day({ name, costUsd, savingsUsd }: Group): Day {
  return { name, costUsd, baselineUsd: costUsd + savingsUsd }
}

function bars(what: string, groups: readonly Group[]): string {
  if (groups.length === 0) return ''
  return htmlTable(groups, [
    { head: what, cell: (g) => g.name },
    { bar: (g) => g.costUsd },
    { head: 'spent', number: true, cell: (g) => usd(g.costUsd) },
    { head: 'saved', number: true, cell: (g) => usd(g.savingsUsd) },
    { head: 'calls', number: true, cell: (g) => formatCount(g.calls) },
    { head: 'failed', number: true, cell: (g) => formatPercent(g.errorRate) },
  ])
}

function returns(profiles: readonly ProfileReturn[]): string {
  if (profiles.length === 0) return ''
  return htmlTable(profiles, [
    { head: 'profile', cell: (p) => p.profile },
    { head: 'calls', number: true, cell: (p) => formatCount(p.calls) },
    { head: 'spent', number: true, cell: (p) => usd(p.costUsd) },
    { head: 'saved', number: true, cell: (p) => usd(p.savingsUsd) },
    { head: 'routing cost', number: true, cell: (p) => usd(p.overheadUsd) },
    { head: 'saved per $', number: true, cell: (p) => (p.returnPerUsd === null ? '—' : p.returnPerUsd.toFixed(2)) },
  ])
}

function armTable(arms: readonly ArmResult[]): string {
  const range = (low: number | null, high: number | null): string => (low === null ? '—' : `${usd(low)} to ${usd(high)}`)
  return htmlTable(arms, [
    { head: 'arm', cell: (a) => a.arm },
    { head: 'sessions', number: true, cell: (a) => formatCount(a.sessions) },
    { head: 'calls', number: true, cell: (a) => formatCount(a.calls) },
    { head: 'a call', number: true, cell: (a) => usd(a.costPerCallUsd) },
    { head: '95% interval', number: true, cell: (a) => range(a.costPerCallUsdLow, a.costPerCallUsdHigh) },
    { head: 'difference', number: true, cell: (a) => range(a.againstUsdLow, a.againstUsdHigh) },
    { head: 'failed', number: true, cell: (a) => formatPercent(a.errorRate) },
    { head: 'other model', number: true, cell: (a) => formatPercent(a.otherModelRate) },
  ])
}

function overProvisioned(routes: readonly OverProvisionedRoute[]): string {
  if (routes.length === 0) return ''
  const rows = htmlTable(routes, [
    { head: 'route', cell: (r) => r.route },
    { head: 'calls', number: true, cell: (r) => formatCount(r.calls) },
    { head: 'spent', number: true, cell: (r) => usd(r.costUsd) },
    { head: 'avoidable', number: true, cell: (r) => usd(r.avoidableUsd) },
    { head: 'with', cell: (r) => r.cheaperModel },
    { head: 'sure', number: true, cell: (r) => formatPercent(r.sure) },
  ])
  return `<p class="soft">A candidate at half the cost or less was predicted to be as good.</p>${rows}`
}

function latencies(models: readonly Group[]): string {
  const measured = models.filter(({ p50LatencyMs }) => p50LatencyMs !== null)
  if (measured.length === 0) return ''
  return htmlTable(measured, [
    { head: 'model', cell: (g) => g.name },
    { bar: (g) => g.p50LatencyMs ?? 0 },
    { head: 'median', number: true, cell: (g) => formatMs(g.p50LatencyMs) },
    { head: 'p95', number: true, cell: (g) => formatMs(g.p95LatencyMs) },
    { head: 'first token', number: true, cell: (g) => formatMs(g.meanTtftMs) },
  ])
}

function sessions(rows: readonly SessionSum[]): string {
  if (rows.length === 0) return ''
  return htmlTable(rows, [
    { head: 'session', cell: (s) => s.session },
    { head: 'client', cell: (s) => s.client },
    { head: 'calls', number: true, cell: (s) => formatCount(s.calls) },
    { head: 'spent', number: true, cell: (s) => usd(s.costUsd) },
    { head: 'models', cell: (s) => s.models.join(', ') },
  ])
}
