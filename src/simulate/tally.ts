import { addTo, entry, HOUR_MS, type Nano } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import { newColumn, push } from './column.js'
import type { Counterfactual } from './counterfactual.js'
import { newSessionShifts, trackMovers } from './movers.js'
import { newOffPolicy } from './off-policy.js'
import { newRecording } from './recorded-calls.js'
import { addShift, newShift, type Shift } from './shift.js'
import type { ModelShift } from './types.js'

/** One model's tokens substituted for another's, for one task: the unit that shares substitution errors. Costs nano-USD. */
export interface Substitution {
  readonly from: string
  readonly to: string
  readonly task: string
  /** Simulated cost of the output, and of the prompt, that rest on it. */
  output: number
  prompt: number
}

/** Everything a result is made of, added up call by call. Costs nano-USD. */
export type Tally = ReturnType<typeof newTally>

export function newTally() {
  return {
    calls: 0,
    changed: 0,
    actualCost: 0,
    simulatedCost: 0,
    /** The part that is known to the nano-USD: calls that stay as recorded. */
    exactCost: 0,
    exactCalls: 0,
    models: new Map<string, { -readonly [K in keyof ModelShift]: ModelShift[K] }>(),
    /** By the model that answered, the one that would have, and the task. */
    substitutions: new Map<string, Map<string, Map<string, Substitution>>>(),
    /** By model: what reading its cache is expected to save. */
    cacheSavings: new Map<string, number>(),
    /** Squared output costs from substitution: single answers vary. */
    squares: 0,
    /** Variance of cached reads. */
    cacheVariance: 0,
    judged: 0,
    actualQuality: 0,
    quality: 0,
    /** By model: how much predicted quality moves with its ability, times the standard error of that. */
    qualitySlopes: new Map<string, number>(),
    /** Answers predicted to be worse, and better, in answers; and what asking again for the worse ones would cost. */
    worse: 0,
    better: 0,
    askedAgain: 0,
    simulatedMs: newColumn(),
    sessions: newSessionShifts(),
    /** Calls that have no result under this policy. */
    left: newRecording(),
    /** By hour since the epoch, as the ledger sums spend; and by profile, task and complexity. */
    hours: new Map<number, Shift>(),
    routes: new Map<string, Map<string, Map<string, Shift>>>(),
    movers: trackMovers(),
    offPolicy: newOffPolicy(),
  }
}

/** A call whose cost is known on both sides. */
export interface CountedCall {
  readonly id: string
  /** Number and key of its session; a call without one is a separate session. */
  readonly session: number
  readonly atMs: number
  readonly profile: string
  readonly task: string
  readonly complexity: string
  readonly end: ReplaySettled
  readonly actual: Nano
  readonly other: Counterfactual
  readonly simulated: Nano
  /** Predicted quality of the model that answered. */
  readonly quality: number | null
  /** Standard error of the ability, logits, of the model that would have answered. */
  readonly abilitySd: number
  /** Both choices in words, made when asked for. */
  readonly reasons: () => readonly [before: string, after: string]
}

export function addCall(tally: Tally, call: CountedCall): void {
  const { session, task, end, actual, other, simulated } = call
  const hasChanged = other.model !== end.model
  tally.calls++
  tally.actualCost += actual
  tally.simulatedCost += simulated
  if (other.exact) {
    tally.exactCost += simulated
    tally.exactCalls++
  } else addSubstitution(tally, call)
  if (hasChanged) tally.changed++
  addQuality(tally, call)
  addShift(entry(tally.hours, Math.floor(call.atMs / HOUR_MS), newShift), actual, simulated, hasChanged)
  const byTask = entry(tally.routes, call.profile, () => new Map<string, Map<string, Shift>>())
  const byComplexity = entry(byTask, task, () => new Map<string, Shift>())
  addShift(entry(byComplexity, call.complexity, newShift), actual, simulated, hasChanged)
  tally.sessions.add(session, simulated - actual, hasChanged)
  tally.movers.add(call)
  if (other.latencyMs !== null) push(tally.simulatedMs, other.latencyMs)
  if (end.model !== null) {
    const shift = shiftOf(tally, end.model)
    shift.actualCalls++
    shift.actualCost += actual
  }
  if (other.model !== null) {
    const shift = shiftOf(tally, other.model)
    shift.simulatedCalls++
    shift.simulatedCost += simulated
  }
}

/** Adds the uncertainty of a call that does not stay as recorded. */
export function addSubstitution(
  tally: Tally,
  { end, other, task }: Pick<CountedCall, 'other' | 'task'> & { readonly end: Pick<ReplaySettled, 'model'> },
): void {
  if (other.model === null || end.model === null) return
  const place = placeOf(tally, end.model, other.model, task)
  place.output += other.outputCost
  place.prompt += other.promptCost
  tally.squares += other.outputCost ** 2
  tally.cacheVariance += other.cacheVariance
  if (other.cacheSaving !== 0) addTo(tally.cacheSavings, other.model, other.cacheSaving)
}

function addQuality(tally: Tally, { other, simulated, quality, abilitySd }: CountedCall): void {
  if (quality === null || other.quality === null) return
  tally.judged++
  tally.quality += other.quality
  tally.actualQuality += quality
  const change = other.quality - quality
  if (change > 0) tally.better += change
  else {
    tally.worse -= change
    tally.askedAgain -= change * simulated
  }
  if (other.model !== null) {
    addTo(tally.qualitySlopes, other.model, other.quality * (1 - other.quality) * abilitySd)
  }
}

/** The one asked for last: neighbouring calls are mostly alike. */
function placeOf({ substitutions }: Tally, from: string, to: string, task: string): Substitution {
  const byTo = entry(substitutions, from, () => new Map<string, Map<string, Substitution>>())
  const byTask = entry(byTo, to, () => new Map<string, Substitution>())
  return entry(byTask, task, () => ({ from, to, task, output: 0, prompt: 0 }))
}

/** Every substitution that calls depend on. */
export function* substitutionsOf({ substitutions }: Tally): Generator<Substitution> {
  for (const byTo of substitutions.values()) for (const byTask of byTo.values()) yield* byTask.values()
}

function shiftOf({ models }: Tally, model: string) {
  return entry(models, model, () => ({ model, actualCalls: 0, simulatedCalls: 0, actualCost: 0, simulatedCost: 0 }))
}
