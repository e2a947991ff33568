import type { SimulationOptions } from './run-simulation.js'

/** What `simulate --json` prints of no calls: its usual fields, each saying that there is nothing. */
export function nothingSimulated({ preset = [], weights = [], profile = [], ...options }: SimulationOptions): unknown {
  const { minQuality = null, floor = 0 } = options
  if (options.sweep) return { points: [], recommended: null, minQuality, floor, excluded: [], actual: NO_SPEND }
  if (options.suggest) return { tried: [], suggestions: [] }
  const [first = null, ...others] = [...preset, ...weights, ...profile].map(ofPolicy)
  return { ...(first ?? ofPolicy(null)), others }
}

const NO_SPEND = { costUsd: 0, quality: null, p50LatencyMs: null, p95LatencyMs: null }

function ofPolicy(policy: string | null) {
  return {
    calls: 0,
    sessions: 0,
    since: null,
    until: null,
    policy,
    checked: 0,
    reproduced: 0,
    rechained: 0,
    excluded: [],
    actual: NO_SPEND,
    simulated: { ...NO_SPEND, costUsdLow: 0, costUsdHigh: 0, qualityLow: null, qualityHigh: null },
    savings: { usd: 0, usdLow: 0, usdHigh: 0, fraction: 0 },
    changed: 0,
    byModel: [],
    evidence: 'insufficient',
    doubts: ['there are no calls'],
  }
}
