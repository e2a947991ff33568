import { addTo, entry, Fault } from '../kit/index.js'
import type { Ledger, ReplayDecided } from '../ledger/index.js'
import type { ResolvedPolicy } from '../policy/index.js'
import { type Alternative, asLogged } from './alternatives.js'
import type { Counts } from './replay-log.js'
import type { Simulation } from './result.js'
import { simulate } from './simulate.js'
import type { GroupShift } from './types.js'

/** What the policy adopted last was expected to do, from the calls before it, and what happened since. Costs nano-USD per call. */
export type Forecast = Readonly<ReturnType<typeof forecast>>

/** Fewer calls than this on either side say nothing. */
const ENOUGH = 30

/**
 * Simulates the policy adopted last on the calls before, and compares that with the calls since. Both are the calls that asked for the same
 * name (`auto`, or a profile by name), since others have another policy; where no name changed its policy, those of a client that changed
 * the name it asks for. Throws E_EMPTY when no policy ever changed, or there were too few calls before or after.
 */
export function forecast(ledger: Ledger) {
  const adopted = findAdoption(ledger, byName) ?? findAdoption(ledger, byClient)
  const json = adopted === null ? undefined : ledger.policies().get(adopted.hash)
  if (adopted === null || json === undefined) throw tooFew()
  const { atMs, belongs, profiles } = adopted
  const policy = JSON.parse(json) as ResolvedPolicy
  const counts: Counts = (row) => isRouted(row) && belongs(row)
  const before = simulate(ledger, [under(policy, profiles)], { untilMs: atMs }, counts)[0] as Simulation
  const since = simulate(ledger, [asLogged()], { sinceMs: atMs }, counts)[0] as Simulation
  if (before.calls < ENOUGH || since.calls < ENOUGH) throw tooFew()
  const { cost } = before.simulated
  const mixed = perCallInMix(before.byRoute, since.byRoute)
  const scale = (amount: number): number => (cost.value === 0 ? 0 : (amount / cost.value) * mixed)
  const costPerCall = { value: mixed, low: scale(cost.low), high: scale(cost.high) }
  const real = since.actual.cost / since.calls
  return {
    policy: policy.name,
    changedMs: atMs,
    before: { calls: before.calls, costPerCall: before.actual.cost / before.calls },
    /** From the calls before, weighted by route as the calls since are. */
    predicted: { costPerCall, quality: before.simulated.quality?.value ?? null, p50Ms: before.simulated.p50Ms },
    happened: { calls: since.calls, costPerCall: real, quality: since.actual.quality, p50Ms: since.actual.p50Ms },
    /** Real over predicted cost, less 1. */
    error: mixed === 0 ? 0 : real / mixed - 1,
    inside: costPerCall.low <= real && real <= costPerCall.high,
    evidence: before.evidence,
  }
}

function tooFew(): Fault {
  return new Fault('E_EMPTY', 'There is no change of policy with enough calls before and after to compare.', {
    hint: `It takes ${ENOUGH} routed calls on either side; try the other policy with \`llmroute simulate\` meanwhile.`,
  })
}

/** The policy in place of those that such calls had; others keep theirs. */
function under(policy: ResolvedPolicy, profiles: ReadonlySet<string>): Alternative {
  return { name: policy.name, spec: null, policyFor: (input, profile) => (profiles.has(profile) ? policy : input.policy) }
}

/** A policy had a say in it: the call named no model, and came through here. */
function isRouted(row: Pick<ReplayDecided, 'mode' | 'source'>): boolean {
  return row.mode !== 'pinned' && row.source === null
}

type Grouping = (row: ReplayDecided) => string

const byName: Grouping = (row) => row.requestedModel
const byClient: Grouping = (row) => row.client

/** The last time that a group of calls changed policy permanently, with enough of them on both sides; null when none did. */
function findAdoption(ledger: Ledger, groupOf: Grouping) {
  interface Course {
    hash: string
    atMs: number
    before: number
    since: number
    readonly profiles: Set<string>
  }
  const courses = new Map<string, Course>()
  for (const events of ledger.replay()) {
    for (const event of events) {
      if (event.kind !== 'decided' || !isRouted(event)) continue
      const { policyHash: hash, atMs } = event
      const course = entry(courses, groupOf(event), () => ({ hash, atMs, before: 0, since: 0, profiles: new Set<string>() }))
      course.profiles.add(event.profile)
      if (course.hash !== hash) {
        course.before += course.since
        course.since = 0
        course.hash = hash
        course.atMs = atMs
      }
      course.since++
    }
  }
  const adopted = [...courses].filter(([, { before, since }]) => before >= ENOUGH && since >= ENOUGH)
  const [last] = adopted.sort(([, a], [, b]) => b.atMs - a.atMs)
  if (last === undefined) return null
  const [group, { hash, atMs, profiles }] = last
  /** Whether a call is of the group that adopted it. */
  const belongs: Counts = (row) => groupOf(row) === group
  return { hash, atMs, profiles, belongs }
}

/** Mean simulated cost per call, with each route weighted by its share of the later calls; new routes have no weight. */
function perCallInMix(before: readonly GroupShift[], since: readonly GroupShift[]): number {
  const routeOf = ({ name }: GroupShift): string => name.slice(name.indexOf(', ') + 2)
  const sums = (groups: readonly GroupShift[], of: (g: GroupShift) => number): Map<string, number> => {
    const map = new Map<string, number>()
    for (const g of groups) addTo(map, routeOf(g), of(g))
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
