import { groupedBy, localDay, usdFromNano } from '../kit/index.js'
import {
  type CallRow,
  type Ledger,
  type Quantiles,
  type RollupDimension,
  type RollupRow,
  type TimeRange,
  VERIFICATION,
} from '../ledger/index.js'
import { shareOf } from './intervals.js'
import { ESCALATIONS, type SeenCall } from './look-at-calls.js'
import { type Money, moneyOf, type Notional } from './notional.js'
import { meanOf, rate } from './sums.js'

export const GROUP_BY = ['model', 'task', 'profile', 'route', 'client', 'key', 'day'] as const
export type GroupBy = (typeof GROUP_BY)[number]
export type Group = Readonly<ReturnType<typeof group>>

const DIMENSIONS: Readonly<Record<GroupBy, readonly RollupDimension[]>> = {
  model: ['model'],
  task: ['task'],
  profile: ['profile'],
  route: ['profile', 'rule', 'task', 'complexity'],
  client: ['client'],
  key: ['key'],
  day: ['hour'],
}

/** Sums per group; days are local ones. */
export function groupRows(ledger: Ledger, by: GroupBy, range: TimeRange, seen: readonly SeenCall[], notional: Notional): readonly Group[] {
  const rows = ledger.rollups({
    by: [...new Set([...DIMENSIONS[by], 'model' as const, 'source' as const])],
    except: VERIFICATION,
    ...range,
  })
  const named = groupedBy(rows, (row) => nameOf(row, by))
  const latencies = by === 'model' ? ledger.latencies({ metric: 'latency', ...range }) : new Map<string, Quantiles>()
  const nameOfCall = (call: CallRow): string => nameOf({ by: call, hourMs: call.decidedAtMs }, by)
  const calls = groupedBy(seen, ({ call }) => nameOfCall(call))
  const unbilled = groupedBy(notional.calls, nameOfCall)
  const groups = [...named].map(([name, parts]) => {
    const money = moneyOf(parts, unbilled.get(name) ?? [], notional)
    return group(name, parts, money, latencies.get(name), calls.get(name) ?? [])
  })
  return by === 'day'
    ? groups.sort((a, b) => (a.name < b.name ? -1 : 1))
    : groups.sort((a, b) => b.costUsd - a.costUsd || b.calls - a.calls)
}

/** How a route is called in reports: profile, rule if one matched, task, complexity. */
export function routeName({ profile, rule, task, complexity }: RollupRow['by']): string {
  return `${profile}${rule ? ` (${rule})` : ''}: ${task}, ${complexity}`
}

function nameOf(row: Pick<RollupRow, 'by' | 'hourMs'>, by: GroupBy): string {
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

function group(name: string, rows: readonly RollupRow[], money: Money, latency: Quantiles | undefined, seen: readonly SeenCall[]) {
  const sum = (field: Exclude<keyof RollupRow, 'by' | 'hourMs'>): number => rows.reduce((total, row) => total + row[field], 0)
  const calls = sum('calls')
  const ttftCalls = sum('ttftCalls')
  // Logs of some tools have no times: that does not mean their calls took none.
  const timedCalls = rows.reduce((total, row) => total + (row.latencyMs > 0 ? row.calls : 0), 0)
  return {
    name,
    calls,
    costUsd: usdFromNano(money.costNano),
    notionalUsd: usdFromNano(money.notionalNano),
    unpricedCalls: sum('unpriced'),
    savingsUsd: usdFromNano(money.savedNano),
    errorRate: rate(sum('errors'), calls),
    inputTokens: sum('inputTokens') + sum('cacheReadTokens') + sum('cacheWriteTokens'),
    cachedInputTokens: sum('cacheReadTokens'),
    outputTokens: sum('outputTokens'),
    meanLatencyMs: timedCalls === 0 ? null : sum('latencyMs') / timedCalls,
    meanTtftMs: ttftCalls === 0 ? null : sum('ttftMs') / ttftCalls,
    /** By model only. */
    p50LatencyMs: latency?.p50Ms ?? null,
    p95LatencyMs: latency?.p95Ms ?? null,
    ...judgeGroup(seen),
  }
}

/** What hourly sums do not hold of a group of calls: how good its answers were, whether people liked them, how often it went to a stronger model. */
export function judgeGroup(calls: readonly SeenCall[]) {
  const qualities = calls.flatMap((call) => predictedQuality(call) ?? [])
  const words = calls.flatMap((call) => feedbackOf(call) ?? [])
  const liked = shareOf(words.filter((w) => w === 1).length, words.length)
  return {
    /** Mean predicted probability of a good answer, of the models that answered; feedback and judges have moved it. */
    quality: meanOf(qualities),
    /** Calls that a person has judged, */
    feedback: words.length,
    /** the share of them that was good, with Wilson's 95% interval. */
    satisfaction: liked?.mean ?? null,
    satisfactionLow: liked?.low ?? null,
    satisfactionHigh: liked?.high ?? null,
    escalationRate: rate(calls.filter(isEscalated).length, calls.length),
  }
}

/** The person's last word on a call: 1 good, 0 bad, null none. */
function feedbackOf({ outcomes }: SeenCall): 0 | 1 | null {
  const last = outcomes.findLast((o) => o.kind === 'feedback')
  return last === undefined || last.value === null ? null : last.value > 0 ? 1 : 0
}

function isEscalated({ outcomes }: SeenCall): boolean {
  return outcomes.some((o) => ESCALATIONS.includes(o.kind) && (o.value ?? 0) > 0)
}

/** Predicted probability of a good answer from the model that answered, as of the decision; null when unknown. */
function predictedQuality({ call, decision }: SeenCall): number | null {
  return decision?.plan.steps.find((step) => step.model === call.model)?.quality ?? null
}
