import { usdFromNano } from '../kit/index.js'
import type { Simulation } from './types.js'

/** A simulation in the shape of `simulate --json`: USD, milliseconds, ISO times. */
export function simulationJson(s: Simulation) {
  const { actual, simulated, savings } = s
  return {
    calls: s.calls,
    sessions: s.sessions,
    since: iso(s.sinceMs),
    until: iso(s.untilMs),
    policy: s.policy,
    reproduced: s.reproduced,
    rechained: s.rechained,
    repriced: s.repriced,
    olderEngine: s.olderEngine,
    excluded: s.excluded,
    actual: { costUsd: usdFromNano(actual.cost), quality: actual.quality, p50LatencyMs: actual.p50Ms, p95LatencyMs: actual.p95Ms },
    simulated: {
      costUsd: usdFromNano(simulated.cost.value),
      costUsdLow: usdFromNano(simulated.cost.low),
      costUsdHigh: usdFromNano(simulated.cost.high),
      quality: simulated.quality.value,
      qualityLow: simulated.quality.low,
      qualityHigh: simulated.quality.high,
      p50LatencyMs: simulated.p50Ms,
      p95LatencyMs: simulated.p95Ms,
    },
    savings: {
      usd: usdFromNano(savings.value),
      usdLow: usdFromNano(savings.low),
      usdHigh: usdFromNano(savings.high),
      fraction: actual.cost === 0 ? 0 : savings.value / actual.cost,
    },
    changed: s.changed,
    byModel: s.byModel.map((m) => ({
      model: m.model,
      actualCalls: m.actualCalls,
      simulatedCalls: m.simulatedCalls,
      actualCostUsd: usdFromNano(m.actualCost),
      simulatedCostUsd: usdFromNano(m.simulatedCost),
    })),
    evidence: s.evidence,
    doubts: s.doubts,
  }
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
