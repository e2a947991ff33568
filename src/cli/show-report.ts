import {
  formatCount,
  formatDollars,
  formatMs,
  formatNumberOf,
  formatPercent,
  formatTimeOfDay,
  formatUsd,
  localDay,
  table,
} from '../kit/index.js'
import type {
  ArmResult,
  BaselineComparison,
  ExperimentResult,
  Group,
  OverProvisionedRoute,
  ProfileReturn,
  Report,
} from '../report/index.js'
import type { Forecast } from '../simulate/index.js'
import type { Look } from './paint.js'
import { quality } from './simulate/show-simulation.js'

const usd = (value: number | null): string => formatDollars(value, '—')

export function showReport(report: Report, look: Look): string {
  const { paint } = look
  const span = `${report.since === null ? 'up' : localDay(report.since)} to ${localDay(report.until)}`
  const unpriced = report.unpricedCalls === 0 ? '' : paint.yellow(` (${formatCount(report.unpricedCalls)} unpriced)`)
  return [
    `${paint.bold(usd(report.costUsd))} for ${formatNumberOf(report.calls, 'call')}, ${span}${unpriced}`,
    ...imported(report),
    ...besides(report),
    ...report.baselines.map((baseline) => savingsLine(baseline, report.calls, look)),
    `${formatCount(report.inputTokens)} tokens in (${formatPercent(report.cacheHitRate)} from caches), ${formatCount(report.outputTokens)} out`,
    `${formatPercent(report.errorRate)} errors, ${formatPercent(report.failoverRate)} failovers, ${formatPercent(report.escalationRate)} escalations`,
    '',
    groupTable(report, look).trimEnd(),
    ...returns(report, look),
    ...report.experiments.flatMap((experiment) => arms(experiment, look)),
    ...overProvisioned(report.overProvisioned, look),
  ].join('\n')
}

function imported({ imported: { calls, costUsd } }: Report): readonly string[] {
  return calls === 0 ? [] : [`of it, ${usd(costUsd)} for ${formatNumberOf(calls, 'imported call')}, at list prices`]
}

function besides({ notional, verification }: Report): readonly string[] {
  const sums = [
    { ...notional, what: 'that the clients’ own credentials paid for (notional, at list prices)' },
    { ...verification, what: 'that checked a simulation' },
  ]
  return sums.flatMap(({ calls, costUsd, what }) =>
    calls === 0 ? [] : [`besides, ${usd(costUsd)} for ${formatNumberOf(calls, 'call')} ${what}`],
  )
}

function savingsLine(
  { name, calls, savingsUsd, savingsUsdLow, savingsUsdHigh, savingsFraction, costUsd }: BaselineComparison,
  all: number,
  { paint }: Look,
): string {
  // Pruned calls, and those without a price, are in the spend alone.
  const part = calls < all ? ` on ${formatNumberOf(calls, 'call')}` : ''
  const word = savingsUsd >= 0 ? paint.green(`saved ${usd(savingsUsd)}`) : paint.red(`lost ${usd(-savingsUsd)}`)
  const share = savingsFraction === null ? '' : ` (${formatPercent(Math.abs(savingsFraction))})`
  const interval = savingsUsdLow === null ? '' : `, 95% interval ${usd(savingsUsdLow)} to ${usd(savingsUsdHigh)}`
  return `${word}${share} against ${name}${part}, which would have cost ${usd(costUsd)}${interval}`
}

function groupTable(report: Report, look: Look): string {
  const { by, groups } = report
  const quantiles = by === 'model'
  return table<Group>(groups, look, [
    { head: by.toUpperCase(), cell: (g) => g.name },
    { head: 'CALLS', align: 'right', cell: (g) => formatCount(g.calls) },
    { head: 'COST', align: 'right', cell: (g) => (g.unpricedCalls === g.calls ? 'unpriced' : usd(g.costUsd)) },
    ...(report.notional.calls === 0
      ? []
      : [{ head: 'NOTIONAL', leave: 11, align: 'right' as const, cell: (g: Group) => usd(g.notionalUsd) }]),
    { head: 'SAVED', leave: 10, align: 'right', cell: (g) => usd(g.savingsUsd) },
    { head: 'IN', leave: 3, align: 'right', cell: (g) => formatCount(g.inputTokens) },
    { head: 'OUT', leave: 4, align: 'right', cell: (g) => formatCount(g.outputTokens) },
    { head: 'FIRST TOKEN', leave: 2, align: 'right', cell: (g) => formatMs(g.meanTtftMs) },
    { head: quantiles ? 'P50' : 'MEAN', leave: 7, align: 'right', cell: (g) => formatMs(quantiles ? g.p50LatencyMs : g.meanLatencyMs) },
    ...(quantiles ? [{ head: 'P95', leave: 5, align: 'right' as const, cell: (g: Group) => formatMs(g.p95LatencyMs) }] : []),
    { head: 'ERRORS', leave: 8, align: 'right', cell: (g) => formatPercent(g.errorRate) },
    { head: 'QUALITY', leave: 9, align: 'right', cell: (g) => (g.quality === null ? '—' : g.quality.toFixed(2)) },
    { head: 'LIKED', leave: 6, align: 'right', cell: liked },
    { head: 'ESCALATED', leave: 1, align: 'right', cell: (g) => formatPercent(g.escalationRate) },
  ])
}

/** `3 of 4`: feedback over the number of answers. */
function liked({ feedback, satisfaction }: Pick<Group, 'feedback' | 'satisfaction'>): string {
  return satisfaction === null ? '—' : `${Math.round(satisfaction * feedback)} of ${feedback}`
}

function between(low: number | null, high: number | null): string {
  return low === null ? '—' : `${usd(low)} to ${usd(high)}`
}

function returns({ profiles, lookedAt }: Report, look: Look): readonly string[] {
  if (profiles.length === 0) return []
  return [
    '',
    `Return on routing, over the newest ${formatNumberOf(lookedAt, 'call')}: saved against the baseline, and what judges, classifiers, answers sent back and shadows cost.`,
    table<ProfileReturn>(profiles, look, [
      { head: 'PROFILE', cell: (p) => p.profile },
      { head: 'CALLS', leave: 3, align: 'right', cell: (p) => formatCount(p.calls) },
      { head: 'SPENT', align: 'right', cell: (p) => usd(p.costUsd) },
      { head: 'SAVED', align: 'right', cell: (p) => usd(p.savingsUsd) },
      { head: '95% INTERVAL', leave: 1, align: 'right', cell: (p) => between(p.savingsUsdLow, p.savingsUsdHigh) },
      { head: 'ROUTING COST', leave: 2, align: 'right', cell: (p) => usd(p.overheadUsd) },
      { head: 'SAVED PER $', align: 'right', cell: (p) => (p.returnPerUsd === null ? '—' : p.returnPerUsd.toFixed(2)) },
    ]).trimEnd(),
  ]
}

function arms({ name, arms: rows }: ExperimentResult, look: Look): readonly string[] {
  return [
    '',
    `Experiment ${name}; intervals are 95%, clustered by session.`,
    table<ArmResult>(rows, look, [
      { head: 'ARM', cell: (a) => a.arm },
      { head: 'SESSIONS', align: 'right', cell: (a) => formatCount(a.sessions) },
      { head: 'CALLS', align: 'right', cell: (a) => formatCount(a.calls) },
      { head: 'A CALL', align: 'right', cell: (a) => usd(a.costPerCallUsd) },
      { head: 'INTERVAL', align: 'right', cell: (a) => between(a.costPerCallUsdLow, a.costPerCallUsdHigh) },
      { head: `AGAINST ${rows[0]?.arm ?? ''}`, align: 'right', cell: (a) => usd(a.againstUsd) },
      { head: 'INTERVAL', align: 'right', cell: (a) => between(a.againstUsdLow, a.againstUsdHigh) },
      { head: 'ERRORS', align: 'right', cell: (a) => `${formatPercent(a.errorRate)} (to ${formatPercent(a.errorRateHigh ?? 1)})` },
      { head: 'OTHER MODEL', align: 'right', cell: (a) => formatPercent(a.otherModelRate) },
      { head: 'QUALITY', align: 'right', cell: (a) => (a.quality === null ? '—' : a.quality.toFixed(2)) },
      { head: 'LIKED', align: 'right', cell: liked },
      { head: 'MEAN', align: 'right', cell: (a) => formatMs(a.meanLatencyMs) },
    ]).trimEnd(),
  ]
}

function overProvisioned(routes: readonly OverProvisionedRoute[], look: Look): readonly string[] {
  if (routes.length === 0) return []
  return [
    '',
    'Routes with a larger model than needed: a candidate at half the cost or less was predicted to be as good.',
    table<OverProvisionedRoute>(routes.slice(0, 10), look, [
      { head: 'ROUTE', cell: (r) => r.route },
      { head: 'CALLS', leave: 3, align: 'right', cell: (r) => formatCount(r.calls) },
      { head: 'COST', leave: 4, align: 'right', cell: (r) => usd(r.costUsd) },
      { head: 'AVOIDABLE', align: 'right', cell: (r) => usd(r.avoidableUsd) },
      { head: 'WITH', cell: (r) => r.cheaperModel },
      { head: 'SURE', leave: 2, align: 'right', cell: (r) => formatPercent(r.sure) },
      { head: 'FOR EXAMPLE', leave: 1, cell: (r) => r.examples[0] ?? '' },
    ]).trimEnd(),
  ]
}

type Row = readonly [what: string, expected: string, happened: string]

/** A forecast for a terminal: the expectation beside what happened. */
export function showForecast(
  { policy, changedMs, before, predicted, happened, error, inside, evidence }: Forecast,
  { width }: Look,
): string {
  const usd = (nano: number): string => formatUsd(Math.round(nano))
  const { value, low, high } = predicted.costPerCall
  const rows: readonly Row[] = [
    ['cost a call', `${usd(value)} (${usd(low)} to ${usd(high)})`, usd(happened.costPerCall)],
    ['predicted quality', quality(predicted.quality), quality(happened.quality)],
    ['latency p50', formatMs(predicted.p50Ms), formatMs(happened.p50Ms)],
  ]
  return [
    `${policy} was adopted on ${localDay(changedMs)} ${formatTimeOfDay(changedMs)}. Expected from ${formatCount(before.calls)} calls before, in the mix of the ${formatCount(happened.calls)} calls since:`,
    '',
    table<Row>(rows, { width }, [
      { head: '', cell: (r) => r[0] },
      { head: 'EXPECTED', cell: (r) => r[1] },
      { head: 'HAPPENED', cell: (r) => r[2] },
    ]),
    `Calls cost ${formatPercent(Math.abs(error))} ${error >= 0 ? 'more' : 'less'} than expected, ${inside ? 'within' : 'outside'} the interval. Evidence: ${evidence}.`,
    'The interval is for the same requests: requests that were other than before, route by route, are not in it.',
  ].join('\n')
}
