import { Fault } from '../kit/index.js'
import type { Ledger } from '../ledger/index.js'
import type { ResolvedPolicy } from '../policy/index.js'
import { type Alternative, asLogged } from './alternatives.js'
import { simulate } from './simulate.js'
import type { Estimate, GroupShift, Simulation } from './types.js'

/** What was to be expected of the policy that was adopted last, from the calls before, and what happened since. Costs nano-USD a call. */
export interface Forecast {
  readonly policy: string
  readonly changedMs: number
  readonly before: { readonly calls: number; readonly costPerCall: number }
  /** From the calls before, weighted by route as the calls since are. */
  readonly predicted: { readonly costPerCall: Estimate; readonly quality: number | null; readonly p50Ms: number | null }
  readonly happened: {
    readonly calls: number
    readonly costPerCall: number
    readonly quality: number | null
    readonly p50Ms: number | null
  }
  /** Real over predicted cost, less 1. */
  readonly error: number
  readonly inside: boolean
  readonly evidence: Simulation['evidence']
}

/** Fewer calls than this on either side say nothing. */
const ENOUGH = 30

/**
 * Simulates the policy that is live now on the calls before it was adopted, and compares that with the calls since.
 * Throws E_EMPTY when the policy never changed, or too little was called before or after.
 */
export function forecast(ledger: Ledger): Forecast {
  const adopted = findAdoption(ledger)
  const json = adopted === null ? undefined : ledger.policies().get(adopted.hash)
  if (adopted === null || json === undefined || adopted.before < ENOUGH || adopted.since < ENOUGH) {
    throw new Fault('E_EMPTY', 'There is no change of policy with enough calls before and after to compare.', {
      hint: `It takes ${ENOUGH} routed calls on either side; try the other policy with \`llmroute simulate\` meanwhile.`,
    })
  }
  const policy = JSON.parse(json) as ResolvedPolicy
  const before = simulate(ledger, [under(policy)], { untilMs: adopted.atMs })[0]!
  const since = simulate(ledger, [asLogged()], { sinceMs: adopted.atMs })[0]!
  const { cost } = before.simulated
  const mixed = perCallInMix(before.byRoute, since.byRoute)
  const scale = (amount: number): number => (cost.value === 0 ? 0 : (amount / cost.value) * mixed)
  const costPerCall = { value: mixed, low: scale(cost.low), high: scale(cost.high) }
  const real = since.actual.cost / since.calls
  return {
    policy: policy.name,
    changedMs: adopted.atMs,
    before: { calls: before.calls, costPerCall: before.actual.cost / before.calls },
    predicted: { costPerCall, quality: before.simulated.quality?.value ?? null, p50Ms: before.simulated.p50Ms },
    happened: { calls: since.calls, costPerCall: real, quality: since.actual.quality, p50Ms: since.actual.p50Ms },
    error: mixed === 0 ? 0 : real / mixed - 1,
    inside: costPerCall.low <= real && real <= costPerCall.high,
    evidence: before.evidence,
  }
}

function under(policy: ResolvedPolicy): Alternative {
  return { name: policy.name, spec: null, policyFor: () => policy }
}

interface Adoption {
  readonly hash: string
  readonly atMs: number
  readonly before: number
  readonly since: number
}

/** The last time that routed calls went from one policy to another for good; null when they never did. */
function findAdoption(ledger: Ledger): Adoption | null {
  let hash: string | null = null
  let atMs = 0
  let [before, since] = [0, 0]
  for (const events of ledger.replay()) {
    for (const event of events) {
      if (event.kind !== 'decided' || event.mode === 'pinned' || event.source !== null) continue
      if (event.policyHash !== hash) {
        before += since
        since = 0
        hash = event.policyHash
        atMs = event.atMs
      }
      since++
    }
  }
  return hash === null || before === 0 ? null : { hash, atMs, before, since }
}

/** Mean simulated cost a call, each route weighing what it does among the later calls; routes that were not seen before weigh nothing. */
function perCallInMix(before: readonly GroupShift[], since: readonly GroupShift[]): number {
  const routeOf = ({ name }: GroupShift): string => name.slice(name.indexOf(', ') + 2)
  const sums = (groups: readonly GroupShift[], of: (g: GroupShift) => number): Map<string, number> => {
    const map = new Map<string, number>()
    for (const g of groups) map.set(routeOf(g), (map.get(routeOf(g)) ?? 0) + of(g))
    return map
  }
  const costs = sums(before, (g) => g.simulatedCost)
  const calls = sums(before, (g) => g.calls)
  let [sum, weight] = [0, 0]
  for (const [route, n] of sums(since, (g) => g.calls)) {
    const seen = calls.get(route)
    if (seen === undefined) continue
    sum += (n * (costs.get(route) ?? 0)) / seen
    weight += n
  }
  return weight === 0 ? 0 : sum / weight
}
