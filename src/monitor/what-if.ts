import { remembered } from '../kit/index.js'
import type { Ledger } from '../ledger/index.js'
import type { ResolvedPolicy, Weights } from '../policy/index.js'
import { type Alternative, simulate, simulationJson } from '../simulate/index.js'

export const WHAT_IF_SPAN_MS = 86_400_000

/** Decides the calls since then again with these weights; floors, rules and pools stay unchanged. Null when there are none. */
export function whatIf(ledger: Ledger, weights: Weights, sinceMs: number) {
  // An empty ledger is not simulated.
  if (ledger.spend({ since: sinceMs }).calls === 0) return null
  const [result] = simulate(ledger, [reweighted(weights)], { sinceMs, quick: true })
  if (result === undefined || result.calls === 0) return null
  const { calls, changed, actual, simulated, evidence } = simulationJson(result)
  return {
    calls,
    changed,
    actualUsd: actual.costUsd,
    simulatedUsd: simulated.costUsd,
    lowUsd: simulated.costUsdLow,
    highUsd: simulated.costUsdHigh,
    qualityActual: actual.quality,
    qualitySimulated: simulated.quality,
    evidence,
  }
}

function reweighted(weights: Weights): Alternative {
  const reweigh = remembered((policy: ResolvedPolicy): ResolvedPolicy => ({ ...policy, strategy: { kind: 'weights', weights } }))
  return { name: 'what if', spec: null, policyFor: ({ policy }) => reweigh(policy) }
}
