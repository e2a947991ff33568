import { type Nano, usdFromNano } from '../kit/index.js'
import type { CallLine, SessionLine, Snapshot } from './snapshot.js'
import type { SpanSums } from './spend-sums.js'

/** The monitor's present state, as `monitor --snapshot --json` prints it: USD as numbers, unknown as null, times ISO 8601. */
export function snapshotJson(snapshot: Snapshot) {
  return {
    at: iso(snapshot.nowMs),
    daemon: snapshot.daemon,
    today: sumsJson(snapshot.today),
    month: sumsJson(snapshot.month),
    baselines: snapshot.baselines,
    callsPerMinute: snapshot.callsPerMinute,
    overhead: snapshot.overhead,
    calls: snapshot.calls.map(callLineJson),
    models: snapshot.models.map(({ costNano, ...model }) => ({ ...model, costUsd: usdFromNano(costNano) })),
    trendUsd: snapshot.trend.map((nano: Nano) => usdFromNano(nano)),
    sessions: snapshot.sessions.map(sessionJson),
  }
}

function sumsJson({ calls, unpriced, ...nano }: SpanSums) {
  return {
    calls,
    unpricedCalls: unpriced,
    costUsd: usdFromNano(nano.costNano),
    notionalUsd: usdFromNano(nano.notionalNano),
    savingsUsd: usdFromNano(nano.savingsNano),
    savingsUsdLow: usdFromNano(nano.savingsLowNano),
    savingsUsdHigh: usdFromNano(nano.savingsHighNano),
    baselineCostUsd: usdFromNano(nano.baselineNano),
  }
}

function callLineJson({ seq: _, startedAtMs, costNano, baselineCostNano, session, promptTokens, cachedTokens, ...call }: CallLine) {
  return {
    ...call,
    startedAt: iso(startedAtMs),
    sessionId: session,
    inputTokens: promptTokens,
    cachedInputTokens: cachedTokens,
    costUsd: usdFromNano(costNano),
    baselineCostUsd: usdFromNano(baselineCostNano),
  }
}

function sessionJson({ session, lastAtMs, costNano, ...rest }: SessionLine) {
  return { sessionId: session, ...rest, lastAt: iso(lastAtMs), costUsd: usdFromNano(costNano) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
