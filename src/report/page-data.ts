import { entry, usdFromNano } from '../kit/index.js'
import type { Ledger, TimeRange } from '../ledger/index.js'
import { buildReport, type ReportQuery } from './build-report.js'
import { type GroupBy, groupRows } from './group-rows.js'
import { lookAtCalls } from './look-at-calls.js'
import { findNotional, type Notional } from './notional.js'
import { wholeHours } from './whole-hours.js'

export type PageData = Readonly<ReturnType<typeof pageData>>
export type SessionSum = PageData['sessions'][number]

/** The newest calls that sessions are gathered from, and how many sessions are shown. */
const LOOKED_AT = 5000
const SHOWN = 15

export function pageData(ledger: Ledger, query: Omit<ReportQuery, 'by'>) {
  const range = wholeHours(query)
  const seen = lookAtCalls(ledger, range)
  const notional = findNotional(ledger, range)
  const groups = (by: GroupBy) => groupRows(ledger, by, range, seen, notional)
  const all = ledger.latencies({ metric: 'latency', ...range }).get('*')
  return {
    report: buildReport(ledger, { ...query, by: 'model' }, { seen, notional }),
    models: groups('model'),
    tasks: groups('task'),
    routes: groups('route'),
    clients: groups('client'),
    days: groups('day'),
    latency: all === undefined ? null : { p50Ms: all.p50Ms, p95Ms: all.p95Ms },
    sessions: dearestSessions(ledger, range, notional),
  }
}

function dearestSessions(ledger: Ledger, range: TimeRange, { isNotional }: Notional) {
  const sums = new Map<string, { client: string; calls: number; nano: number; models: Set<string> }>()
  for (const call of ledger.listCalls({ ...range, limit: LOOKED_AT })) {
    const { session, client, costNano, model } = call
    if (session === null) continue
    const sum = entry(sums, session, () => ({ client, calls: 0, nano: 0, models: new Set() }))
    sum.calls++
    sum.nano += isNotional(call) ? 0 : (costNano ?? 0)
    if (model !== null) sum.models.add(model)
  }
  return [...sums]
    .filter(([, { calls }]) => calls > 1)
    .sort(([, a], [, b]) => b.nano - a.nano)
    .slice(0, SHOWN)
    .map(([session, { client, calls, nano, models }]) => ({ session, client, calls, costUsd: usdFromNano(nano), models: [...models] }))
}
