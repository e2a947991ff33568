import { usdFromNano } from '../kit/index.js'
import type { Forecast } from './forecast.js'
import type { ChangedCall } from './movers.js'
import type { OffPolicy } from './off-policy.js'
import type { Errors, Simulation } from './result.js'
import type { Suggestion } from './suggest.js'
import type { Sweep, SweepPoint } from './sweep.js'
import type { Estimate, GroupShift } from './types.js'
import type { Checked } from './verify/correct-estimate.js'

/** A simulation in the shape of `simulate --json`: USD, milliseconds, ISO times. */
export function simulationJson(s: Simulation) {
  const { actual, simulated, savings } = s
  return {
    calls: s.calls,
    sessions: s.sessions,
    since: iso(s.sinceMs),
    until: iso(s.untilMs),
    policy: s.policy,
    checked: s.checked,
    reproduced: s.reproduced,
    rechained: s.rechained,
    repriced: s.repriced,
    olderEngine: s.olderEngine,
    excluded: s.excluded,
    actual: { costUsd: usdFromNano(actual.cost), quality: actual.quality, p50LatencyMs: actual.p50Ms, p95LatencyMs: actual.p95Ms },
    simulated: {
      ...money('costUsd', simulated.cost),
      quality: simulated.quality?.value ?? null,
      qualityLow: simulated.quality?.low ?? null,
      qualityHigh: simulated.quality?.high ?? null,
      p50LatencyMs: simulated.p50Ms,
      p95LatencyMs: simulated.p95Ms,
    },
    savings: {
      ...money('usd', savings),
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
    byTask: s.movers.tasks.map((t) => ({
      task: t.name,
      ...shiftJson(t),
      qualityChange: t.calls === 0 ? 0 : t.qualityChange / t.calls,
    })),
    bySession: s.bySession.map((group) => ({ session: group.name, ...shiftJson(group) })),
    byDay: s.byDay.map((group) => ({ day: group.name, ...shiftJson(group) })),
    byRoute: s.byRoute.map((group) => ({ route: group.name, ...shiftJson(group) })),
    errors: errorsJson(s.errors),
    baselines: s.baselines.map(({ name, calls, cost, savings: saved, evidence }) => ({
      name,
      calls,
      costUsd: usdFromNano(cost),
      savingsUsd: usdFromNano(Math.round(saved)),
      evidence,
    })),
    offPolicy: s.offPolicy === null ? null : offPolicyJson(s.offPolicy),
    evidence: s.evidence,
    doubts: s.doubts,
  }
}

function shiftJson({ calls, changed, actualCost, simulatedCost }: GroupShift) {
  return { calls, changed, actualCostUsd: usdFromNano(actualCost), simulatedCostUsd: usdFromNano(simulatedCost) }
}

function errorsJson({ measured, substitution, behaviour }: Errors) {
  return {
    measured: { calls: measured.calls, costUsd: usdFromNano(measured.cost) },
    substitution: { calls: substitution.calls, ...money('costUsd', substitution.cost) },
    behaviour: { worseAnswers: behaviour.worse, betterAnswers: behaviour.better, askedAgainUsd: usdFromNano(behaviour.askedAgain) },
  }
}

function offPolicyJson({ ips, snips, doublyRobust, ...ground }: OffPolicy) {
  return {
    ...ground,
    ...money('ipsUsd', ips, wholeNano),
    ...(snips === null ? { snipsUsd: null, snipsUsdLow: null, snipsUsdHigh: null } : money('snipsUsd', snips, wholeNano)),
    ...money('doublyRobustUsd', doublyRobust, wholeNano),
  }
}

/** An estimate in USD under a name, with its bounds. */
function money<N extends string>(name: N, { value, low, high }: Estimate, usd: (nano: number) => number = usdFromNano) {
  return { [name]: usd(value), [`${name}Low`]: usd(low), [`${name}High`]: usd(high) } as Record<N | `${N}Low` | `${N}High`, number>
}

/** USD of an amount that may have a fraction of a nano-USD. */
function wholeNano(nano: number): number {
  return usdFromNano(Math.round(nano))
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/** Choices that change, biggest first, and those that get worse. */
export function diffJson(s: Simulation) {
  return { calls: s.movers.calls.map(changedJson), worse: s.movers.worse.map(changedJson) }
}

function changedJson({ costChange, ...call }: ChangedCall) {
  return { ...call, costChangeUsd: usdFromNano(costChange) }
}

/** A suggestion in the shape of `simulate --suggest --json`: the saving over the present pool, and its complete simulation. */
export function suggestionJson({ change, saves, result }: Suggestion) {
  return { change, overPool: money('usd', saves), ...simulationJson(result) }
}

export function sweepJson(s: Sweep) {
  return {
    points: s.points.map(pointJson),
    recommended: s.recommended === null ? null : pointJson(s.recommended),
    minQuality: s.minQuality,
    floor: s.floor,
    excluded: s.excluded,
    actual: { costUsd: usdFromNano(s.actual.cost), quality: s.actual.quality, p50LatencyMs: s.actual.p50Ms },
  }
}

function pointJson({ weights, cost, quality, p50Ms, frontier, evidence, doubts }: SweepPoint) {
  return { weights, costUsd: usdFromNano(cost), quality, p50LatencyMs: p50Ms, frontier, evidence, doubts }
}

/** A forecast in the shape of `report --forecast --json`: USD a call. */
export function forecastJson({ changedMs, before, predicted, happened, ...rest }: Forecast) {
  return {
    ...rest,
    changedAt: iso(changedMs),
    before: { calls: before.calls, costPerCallUsd: wholeNano(before.costPerCall) },
    predicted: {
      ...money('costPerCallUsd', predicted.costPerCall, wholeNano),
      quality: predicted.quality,
      p50LatencyMs: predicted.p50Ms,
    },
    happened: {
      calls: happened.calls,
      costPerCallUsd: wholeNano(happened.costPerCall),
      quality: happened.quality,
      p50LatencyMs: happened.p50Ms,
    },
  }
}

/** What checking a simulation gave, in the shape of `simulate --verify --json`: USD. */
export function checkedJson({ strata, correction, before, after, spent, preferred, ...counts }: Checked) {
  return {
    ...counts,
    spentUsd: usdFromNano(spent),
    preferred,
    strata: strata.map(({ predicted, measured, ...stratum }) => ({
      ...stratum,
      predictedUsd: wholeNano(predicted),
      measuredUsd: wholeNano(measured),
    })),
    ...money('correctionUsd', correction, wholeNano),
    before: figuresJson(before),
    after: figuresJson(after),
  }
}

function figuresJson({ cost, savings, qualityChange }: Checked['before']) {
  return {
    ...money('costUsd', cost, wholeNano),
    ...money('savingsUsd', savings, wholeNano),
    qualityChange: qualityChange.value,
    qualityChangeLow: qualityChange.low,
    qualityChangeHigh: qualityChange.high,
  }
}
