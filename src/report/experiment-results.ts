import { groupedBy, usdFromNano } from '../kit/index.js'
import { judgeGroup } from './group-rows.js'
import { clusteredMean, clustersOf, difference, sessionUnits, shareOf } from './intervals.js'
import type { SeenCall } from './look-at-calls.js'
import { meanOf } from './sums.js'

export type ExperimentResult = ReturnType<typeof experimentResults>[number]
export type ArmResult = ReturnType<typeof compareArms>[number]
type UnitOf = ReturnType<typeof sessionUnits>

/** The sessions that are in no arm. */
const CONTROL = 'control'

/** What each arm of each experiment cost and how its calls turned out. Sessions are assigned to arms, so they are the units that vary. */
export function experimentResults(calls: readonly SeenCall[]) {
  const unitOf = sessionUnits(calls)
  const compared = calls.filter(({ call }) => call.mode !== 'pinned' && call.status !== 'cancelled')
  return [...groupedBy(compared, ({ decision }) => decision?.input.policy.experiment?.name)].flatMap(([name, own]) =>
    name === undefined
      ? []
      : [
          {
            name,
            arms: compareArms(
              groupedBy(own, ({ decision }) => decision?.plan.arm ?? CONTROL),
              unitOf,
            ),
          },
        ],
  )
}

/** The control first, or, where the arms are everyone, the largest arm: the others are compared with it. */
function compareArms(arms: ReadonlyMap<string, readonly SeenCall[]>, unitOf: UnitOf) {
  const ordered = [...arms].sort((a, b) => Number(b[0] === CONTROL) - Number(a[0] === CONTROL) || b[1].length - a[1].length)
  const reference = costOf(ordered[0]?.[1] ?? [], unitOf)
  return ordered.map(([arm, calls], i) => {
    const cost = costOf(calls, unitOf)
    const errors = shareOf(calls.filter(({ call }) => call.status === 'error').length, calls.length)
    const against = i === 0 || cost === null || reference === null ? null : difference(cost, reference)
    const latencies = calls.flatMap(({ call }) => call.latencyMs ?? [])
    return {
      /** A profile, a model, or `control`. */
      arm,
      calls: calls.length,
      sessions: new Set(calls.map(({ call }) => unitOf(call))).size,
      costPerCallUsd: usd(cost?.mean),
      /** 95% intervals, clustered by session. */
      costPerCallUsdLow: usd(cost?.low),
      costPerCallUsdHigh: usd(cost?.high),
      /** Difference to the first arm, a call. */
      againstUsd: usd(against?.mean),
      againstUsdLow: usd(against?.low),
      againstUsdHigh: usd(against?.high),
      errorRate: errors?.mean ?? 0,
      errorRateLow: errors?.low ?? null,
      errorRateHigh: errors?.high ?? null,
      /** Share of calls that another model than the arm's, or than its profile's first choice, answered. */
      otherModelRate: calls.filter(isAnsweredByAnother).length / calls.length,
      meanLatencyMs: meanOf(latencies),
      ...judgeGroup(calls),
    }
  })
}

/** The model that the arm is, or that its profile chose first, did not answer: it failed, or had failed so often that it was passed over. */
function isAnsweredByAnother({ call, decision }: SeenCall): boolean {
  const arm = decision?.input.policy.experiment?.arms.find(({ profile }) => profile === decision.plan.arm)
  return call.model !== null && call.model !== (arm?.model ?? decision?.plan.steps[0]?.model)
}

function costOf(calls: readonly SeenCall[], unitOf: UnitOf) {
  return clusteredMean(clustersOf(calls, unitOf, ({ costNano }) => costNano))
}

function usd(nano: number | null | undefined): number | null {
  return usdFromNano(nano == null ? null : Math.round(nano))
}
