import { usdFromNano } from '../kit/index.js'
import { type Ledger, type Quantiles, type RollupDimension, type RollupRow, VERIFICATION } from '../ledger/index.js'
import { judgeGroup } from './judge-groups.js'
import type { SeenCall } from './look-at-calls.js'
import { rate } from './rate.js'
import type { Group, GroupBy } from './report.js'

const DIMENSIONS: Readonly<Record<GroupBy, readonly RollupDimension[]>> = {
  model: ['model'],
  task: ['task'],
  profile: ['profile'],
  route: ['profile', 'rule', 'task', 'complexity'],
  client: ['client'],
  key: ['key'],
  day: ['hour'],
}

interface Range {
  readonly since?: number
  readonly until?: number
}

/** Sums per group; days are local ones. */
export function groupRows(ledger: Ledger, by: GroupBy, range: Range, seen: readonly SeenCall[]): readonly Group[] {
  const rows = ledger.rollups({ by: DIMENSIONS[by], except: VERIFICATION, ...range })
  const named = new Map<string, RollupRow[]>()
  for (const row of rows) {
    const name = nameOf(row, by)
    named.set(name, [...(named.get(name) ?? []), row])
  }
  const latencies = by === 'model' ? ledger.latencies({ metric: 'latency', ...range }) : new Map<string, Quantiles>()
  const calls = new Map<string, SeenCall[]>()
  for (const one of seen) {
    const name = nameOf({ by: one.call, hourMs: one.call.decidedAtMs }, by)
    calls.set(name, [...(calls.get(name) ?? []), one])
  }
  const groups = [...named].map(([name, parts]) => group(name, parts, latencies.get(name), calls.get(name) ?? []))
  return by === 'day'
    ? groups.sort((a, b) => (a.name < b.name ? -1 : 1))
    : groups.sort((a, b) => b.costUsd - a.costUsd || b.calls - a.calls)
}

/** How a route is called in reports: profile, rule if one matched, task, complexity. */
export function routeName(parts: {
  profile?: string | null
  rule?: string | null
  task?: string | null
  complexity?: string | null
}): string {
  const head = parts.rule ? `${parts.profile} (${parts.rule})` : `${parts.profile}`
  return `${head}: ${parts.task}, ${parts.complexity}`
}

type Named = Omit<Pick<RollupRow, 'by' | 'hourMs'>, 'by'> & {
  readonly by: { readonly [D in Exclude<RollupDimension, 'hour'>]?: string | null }
}

function nameOf(row: Named, by: GroupBy): string {
  switch (by) {
    case 'route':
      return routeName(row.by)
    case 'day':
      return localDay(row.hourMs ?? 0)
    case 'model':
      return row.by.model ?? 'none answered'
    case 'key':
      return row.by.key ?? 'no key'
    default:
      return row.by[by] ?? 'none'
  }
}

function localDay(ms: number): string {
  const d = new Date(ms)
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`
}

function group(name: string, rows: readonly RollupRow[], latency: Quantiles | undefined, seen: readonly SeenCall[]): Group {
  const sum = (field: Exclude<keyof RollupRow, 'by' | 'hourMs'>): number => rows.reduce((total, row) => total + row[field], 0)
  const calls = sum('calls')
  const ttftCalls = sum('ttftCalls')
  return {
    name,
    calls,
    costUsd: usdFromNano(sum('costNano')),
    unpricedCalls: sum('unpriced'),
    savingsUsd: usdFromNano(sum('baselineCostNano') - sum('comparedCostNano')),
    errorRate: rate(sum('errors'), calls),
    inputTokens: sum('inputTokens') + sum('cacheReadTokens') + sum('cacheWriteTokens'),
    cachedInputTokens: sum('cacheReadTokens'),
    outputTokens: sum('outputTokens'),
    meanLatencyMs: calls === 0 ? null : sum('latencyMs') / calls,
    meanTtftMs: ttftCalls === 0 ? null : sum('ttftMs') / ttftCalls,
    p50LatencyMs: latency?.p50Ms ?? null,
    p95LatencyMs: latency?.p95Ms ?? null,
    ...judgeGroup(seen),
  }
}
