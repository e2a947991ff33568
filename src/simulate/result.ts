import { entry, formatNumberOf, HOUR_MS, localDay } from '../kit/index.js'
import type { BaselineSum } from './baselines.js'
import type { Behaviour } from './behaviour.js'
import { quantiles, sorted } from './column.js'
import { STUDENT } from './draw-paths.js'
import type { Imagined } from './imagine.js'
import { intervals } from './interval.js'
import type { LogCheck } from './log-check.js'
import { offPolicyOf } from './off-policy.js'
import type { Replayed } from './replay-log.js'
import { newShift } from './shift.js'
import type { Tally } from './tally.js'
import { type Baseline, ENOUGH_CALLS, type Estimate, type GroupShift, type Support } from './types.js'

/** What another policy would have done with the calls of a log. Costs nano-USD, times milliseconds; null where no call has one. */
export type Simulation = Readonly<ReturnType<typeof figuresOf>>
/** The three kinds of error, kept separate. Costs nano-USD. */
export type Errors = ReturnType<typeof errorsOf>

const UNCHECKED: LogCheck = { checked: 0, reproduced: 0, rechained: 0, repriced: 0, olderEngine: 0 }

/** Everything that a pass over the log gave for one policy, as a result. */
export function resultOf(one: Imagined, replayed: Replayed, behaviour: Behaviour): Simulation {
  const result = figuresOf(one, replayed, behaviour)
  return replayed.check === null ? result : withCheck(result, replayed.check, replayed.baselines)
}

function figuresOf({ alternative, tally, excluded, uncounted, covered }: Imagined, replayed: Replayed, behaviour: Behaviour) {
  const { cost: drawn, quality } = intervals(tally, behaviour)
  const cost = spendFrom(drawn)
  const recorded = replayed.recorded.without(tally.left)
  const [p50Ms = null, p95Ms = null] = quantiles(sorted(tally.simulatedMs), [0.5, 0.95])
  return {
    policy: alternative.name,
    calls: tally.calls,
    sessions: recorded.sessions,
    sinceMs: replayed.sinceMs,
    untilMs: replayed.untilMs,
    ...UNCHECKED,
    excluded: [...excluded].map(([reason, calls]) => ({ reason, calls })),
    actual: {
      cost: tally.actualCost,
      quality: tally.judged === 0 ? null : tally.actualQuality / tally.judged,
      p50Ms: recorded.p50Ms,
      p95Ms: recorded.p95Ms,
    },
    simulated: { cost, quality, p50Ms, p95Ms },
    /** Actual minus simulated; negative when the other policy costs more. */
    savings: savingsOf(tally.actualCost, cost),
    /** Calls that another model would have answered. */
    changed: tally.changed,
    byModel: [...tally.models.values()].sort((a, b) => b.simulatedCost - a.simulatedCost || (a.model < b.model ? -1 : 1)),
    movers: tally.movers.result(),
    /** Sessions that move the result most. */
    bySession: tally.sessions.top(recorded, replayed.sessionKey),
    /** Oldest first; local days, as in a report. */
    byDay: daysOf(tally),
    /** Profile, task and complexity; the largest change first. */
    byRoute: routesOf(tally),
    errors: errorsOf(tally, cost),
    /** Null when no choice of the log was random. */
    offPolicy: offPolicyOf(tally.offPolicy),
    baselines: [] as readonly Baseline[],
    /** Their part that is not in `baselines`: calls left out under this policy alone. */
    uncounted: uncounted.sums(),
    /** What the calls of each baseline, by its name, come to under this policy. */
    covered: covered.sums,
    ...doubtsOf(tally, recorded.sessions, behaviour),
  }
}

/** Nobody is paid for calling a model, however widely the draws of a few calls spread. */
export function spendFrom(cost: Estimate): Estimate {
  return { ...cost, low: Math.max(0, cost.low) }
}

export function savingsOf(actual: number, { value, low, high }: Estimate): Estimate {
  return { value: actual - value, low: actual - high, high: actual - low }
}

/** Widens a result to its policy's path error, see `drawPaths`, if that is larger. */
export function withPathError(result: Simulation, pathError: number | null): Simulation {
  if (pathError === null) return result
  const { value, low, high } = result.simulated.cost
  const half = STUDENT * pathError * value
  const cost = spendFrom({ value, low: Math.min(low, value - half), high: Math.max(high, value + half) })
  const { measured, substitution } = result.errors
  return {
    ...result,
    simulated: { ...result.simulated, cost },
    savings: savingsOf(result.actual.cost, cost),
    errors: { ...result.errors, substitution: { ...substitution, cost: without(cost, measured.cost) } },
  }
}

/** A result with what another pass over the same log has checked and added up. */
export function withCheck(result: Simulation, check: LogCheck, sums: readonly BaselineSum[]): Simulation {
  const { actual, calls, simulated } = result
  const previous: Baseline = {
    name: 'as it was',
    cost: actual.cost,
    calls,
    savings: actual.cost - simulated.cost.value,
    evidence: 'sufficient',
  }
  const named = sums.flatMap(({ name, evidence, ...sum }): readonly Baseline[] => {
    const less = result.uncounted.find((one) => one.name === name)
    const [counted, cost] = [sum.calls - (less?.calls ?? 0), sum.cost - (less?.cost ?? 0)]
    if (counted === 0) return []
    // A baseline that lacks a price for some calls is compared on the others.
    return [{ name, cost, calls: counted, savings: cost - (result.covered.get(name) ?? 0), evidence }]
  })
  return { ...result, ...check, baselines: [previous, ...named] }
}

/** An hour belongs to the day it begins in, as in a report: some time zones are not whole hours from UTC. */
function daysOf({ hours }: Tally): readonly GroupShift[] {
  const days = new Map<string, ReturnType<typeof newShift>>()
  for (const [hour, shift] of [...hours].sort(([a], [b]) => a - b)) {
    const day = entry(days, localDay(hour * HOUR_MS), newShift)
    day.calls += shift.calls
    day.changed += shift.changed
    day.actualCost += shift.actualCost
    day.simulatedCost += shift.simulatedCost
  }
  return [...days].map(([name, day]) => ({ name, ...day }))
}

function routesOf({ routes }: Tally): readonly GroupShift[] {
  const all: GroupShift[] = []
  for (const [profile, byTask] of routes)
    for (const [task, byComplexity] of byTask)
      for (const [complexity, shift] of byComplexity) all.push({ name: `${profile}, ${complexity} ${task}`, ...shift })
  const size = (g: GroupShift) => Math.abs(g.simulatedCost - g.actualCost)
  return all.sort((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1))
}

/** The rest of an estimate without a known part. */
function without({ value, low, high }: Estimate, known: number): Estimate {
  return { value: value - known, low: low - known, high: high - known }
}

function errorsOf({ exactCalls, exactCost, calls, worse, better, askedAgain }: Tally, cost: Estimate) {
  return {
    /** Calls that stay as they were recorded: their cost is known to the nano-USD. */
    measured: { calls: exactCalls, cost: exactCost },
    /** The other calls: their tokens are another model's. `low` and `high` are those of the result minus the measured part. */
    substitution: { calls: calls - exactCalls, cost: without(cost, exactCost) },
    /**
     * What no log contains, and no interval includes: answers predicted to be worse or better, and the cost of asking again for the worse
     * ones.
     */
    behaviour: { worse, better, askedAgain: Math.round(askedAgain) },
  }
}

/** How far the log supports the result. */
function doubtsOf(tally: Tally, sessions: number, behaviour: Behaviour): Support {
  if (tally.calls === 0) return { evidence: 'insufficient', doubts: ['no call is left to make a figure of'] }
  const doubts: string[] = []
  let thin = 0
  const models = [...tally.models.values()]
  const wasReal = models.some(({ model, actualCalls }) => actualCalls > 0 && !behaviour.isSimulated(model))
  for (const { model, actualCalls, simulatedCalls } of models) {
    const seen = behaviour.observed(model)
    const madeUp = wasReal && behaviour.isSimulated(model)
    if (simulatedCalls === 0 || simulatedCalls <= actualCalls || (seen >= ENOUGH_CALLS && !madeUp)) continue
    thin += simulatedCalls
    if (madeUp) doubts.push(`${model} is a simulated model, which cannot take real calls: name real ones with --config`)
    doubts.push(`${model} answered ${seen} of the logged calls and would answer ${simulatedCalls}`)
  }
  if (sessions < ENOUGH_CALLS) doubts.push(`the log has only ${formatNumberOf(sessions, 'session')}`)
  const evidence = doubts.length === 0 ? 'sufficient' : thin > tally.calls / 2 ? 'insufficient' : 'weak'
  return { evidence, doubts }
}
