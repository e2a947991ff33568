import type { ChalkInstance } from 'chalk'
import { formatCount, formatMs, formatPercent, formatUsd, nanoFromUsd, table } from '../kit/index.js'
import type { BaselineComparison, Group, OverProvisionedRoute, Report } from '../report/index.js'

const usd = (value: number | null): string => (value === null ? '—' : formatUsd(nanoFromUsd(value)))

/** A report for people. */
export function showReport(report: Report, paint: ChalkInstance): string {
  const span = `${report.since === null ? 'up' : report.since.slice(0, 10)} to ${report.until.slice(0, 10)}`
  const unpriced = report.unpricedCalls === 0 ? '' : paint.yellow(` (${formatCount(report.unpricedCalls)} more calls are unpriced)`)
  return [
    `${paint.bold(usd(report.costUsd))} for ${formatCount(report.calls)} calls, ${span}${unpriced}`,
    ...report.baselines.map((baseline) => savingsLine(baseline, paint)),
    `${formatCount(report.inputTokens)} tokens in (${formatPercent(report.cacheHitRate)} from caches), ${formatCount(report.outputTokens)} out`,
    `${formatPercent(report.errorRate)} errors, ${formatPercent(report.failoverRate)} failovers, ${formatPercent(report.escalationRate)} escalations`,
    '',
    groupTable(report, paint).trimEnd(),
    ...overProvisioned(report.overProvisioned, paint),
  ].join('\n')
}

function savingsLine(
  { name, savingsUsd, savingsUsdLow, savingsUsdHigh, savingsFraction, costUsd }: BaselineComparison,
  paint: ChalkInstance,
): string {
  const word = savingsUsd >= 0 ? paint.green(`saved ${usd(savingsUsd)}`) : paint.red(`lost ${usd(-savingsUsd)}`)
  const share = savingsFraction === null ? '' : ` (${formatPercent(Math.abs(savingsFraction))})`
  const interval = savingsUsdLow === null ? '' : `, 95% interval ${usd(savingsUsdLow)} to ${usd(savingsUsdHigh)}`
  return `${word}${share} against ${name}, which would have cost ${usd(costUsd)}${interval}`
}

function groupTable({ by, groups }: Report, paint: ChalkInstance): string {
  const quantiles = by === 'model'
  return table<Group>(
    groups,
    [
      { head: by.toUpperCase(), cell: (g) => g.name },
      { head: 'CALLS', align: 'right', cell: (g) => formatCount(g.calls) },
      { head: 'COST', align: 'right', cell: (g) => (g.unpricedCalls === g.calls ? 'unpriced' : usd(g.costUsd)) },
      { head: 'SAVED', align: 'right', cell: (g) => usd(g.savingsUsd) },
      { head: 'IN', align: 'right', cell: (g) => formatCount(g.inputTokens) },
      { head: 'OUT', align: 'right', cell: (g) => formatCount(g.outputTokens) },
      { head: 'FIRST TOKEN', align: 'right', cell: (g) => formatMs(g.meanTtftMs) },
      { head: quantiles ? 'P50' : 'MEAN', align: 'right', cell: (g) => formatMs(quantiles ? g.p50LatencyMs : g.meanLatencyMs) },
      ...(quantiles ? [{ head: 'P95', align: 'right' as const, cell: (g: Group) => formatMs(g.p95LatencyMs) }] : []),
      { head: 'ERRORS', align: 'right', cell: (g) => formatPercent(g.errorRate) },
    ],
    { head: paint.dim },
  )
}

function overProvisioned(routes: readonly OverProvisionedRoute[], paint: ChalkInstance): readonly string[] {
  if (routes.length === 0) return []
  return [
    '',
    'Routes with more model than they need: a candidate at half the cost or less was predicted to be as good.',
    table<OverProvisionedRoute>(
      routes.slice(0, 10),
      [
        { head: 'ROUTE', cell: (r) => r.route },
        { head: 'CALLS', align: 'right', cell: (r) => formatCount(r.calls) },
        { head: 'COST', align: 'right', cell: (r) => usd(r.costUsd) },
        { head: 'AVOIDABLE', align: 'right', cell: (r) => usd(r.avoidableUsd) },
        { head: 'WITH', cell: (r) => r.cheaperModel },
      ],
      { head: paint.dim },
    ).trimEnd(),
  ]
}
