import { usdFromNano } from '../kit/index.js'
import type { Forecast } from './forecast.js'
import type { ChangedCall } from './movers.js'
import type { Suggestion } from './suggest.js'
import type { Sweep, SweepPoint } from './sweep.js'
import type { Errors, Estimate, GroupShift, OffPolicy, Simulation } from './types.js'

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
      costUsd: usdFromNano(simulated.cost.value),
      costUsdLow: usdFromNano(simulated.cost.low),
      costUsdHigh: usdFromNano(simulated.cost.high),
      quality: simulated.quality?.value ?? null,
      qualityLow: simulated.quality?.low ?? null,
      qualityHigh: simulated.quality?.high ?? null,
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
    byTask: s.movers.tasks.map((t) => ({
      task: t.task,
      calls: t.calls,
      changed: t.changed,
      actualCostUsd: usdFromNano(t.actualCost),
      simulatedCostUsd: usdFromNano(t.simulatedCost),
      qualityChange: t.calls === 0 ? 0 : t.qualityChange / t.calls,
    })),
    bySession: s.bySession.map(({ session, ...shift }) => ({ session, ...shiftJson(shift) })),
    byDay: s.byDay.map(({ name, ...shift }) => ({ day: name, ...shiftJson(shift) })),
    byRoute: s.byRoute.map(({ name, ...shift }) => ({ route: name, ...shiftJson(shift) })),
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

function shiftJson({ calls, changed, actualCost, simulatedCost }: Omit<GroupShift, 'name'>) {
  return { calls, changed, actualCostUsd: usdFromNano(actualCost), simulatedCostUsd: usdFromNano(simulatedCost) }
}

function errorsJson({ measured, substitution, behaviour }: Errors) {
  const { cost } = substitution
  return {
    measured: { calls: measured.calls, costUsd: usdFromNano(measured.cost) },
    substitution: {
      calls: substitution.calls,
      costUsd: usdFromNano(cost.value),
      costUsdLow: usdFromNano(cost.low),
      costUsdHigh: usdFromNano(cost.high),
    },
    behaviour: { worseAnswers: behaviour.worse, betterAnswers: behaviour.better, askedAgainUsd: usdFromNano(behaviour.askedAgain) },
  }
}

function offPolicyJson({ ips, snips, doublyRobust, ...ground }: OffPolicy) {
  const usd = (nano: number | undefined) => (nano === undefined ? null : usdFromNano(Math.round(nano)))
  const money = (name: string, estimate: Estimate | null) => ({
    [name]: usd(estimate?.value),
    [`${name}Low`]: usd(estimate?.low),
    [`${name}High`]: usd(estimate?.high),
  })
  return { ...ground, ...money('ipsUsd', ips), ...money('snipsUsd', snips), ...money('doublyRobustUsd', doublyRobust) }
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
  const overPool = { usd: usdFromNano(saves.value), usdLow: usdFromNano(saves.low), usdHigh: usdFromNano(saves.high) }
  return { change, overPool, ...simulationJson(result) }
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
  const usd = (nano: number) => usdFromNano(Math.round(nano))
  const { value, low, high } = predicted.costPerCall
  return {
    ...rest,
    changedAt: iso(changedMs),
    before: { calls: before.calls, costPerCallUsd: usd(before.costPerCall) },
    predicted: {
      costPerCallUsd: usd(value),
      costPerCallUsdLow: usd(low),
      costPerCallUsdHigh: usd(high),
      quality: predicted.quality,
      p50LatencyMs: predicted.p50Ms,
    },
    happened: {
      calls: happened.calls,
      costPerCallUsd: usd(happened.costPerCall),
      quality: happened.quality,
      p50LatencyMs: happened.p50Ms,
    },
  }
}
