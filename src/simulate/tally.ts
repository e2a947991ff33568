import type { Nano } from '../kit/index.js'
import type { ReplaySettled } from '../ledger/index.js'
import type { Counterfactual } from './counterfactual.js'
import { type MoverTracker, trackMovers } from './movers.js'
import type { ModelShift } from './types.js'

/** Sums over one session: what the bootstrap draws, since calls of a session are not independent. */
export interface SessionSum {
  calls: number
  actualCost: Nano
  /** The rest of the simulated cost. */
  otherCost: Nano
  /** Simulated output cost that rests on a substitution, by what it rests on (see `Substitution`). */
  readonly substituted: Map<number, Nano>
  quality: number
  judged: number
}

/** One model's answers taken for another's, for one task. */
export interface Substitution {
  readonly from: string
  readonly to: string
  readonly task: string
}

/** Everything a result is made of, added to call by call. */
export interface Tally {
  calls: number
  changed: number
  readonly sessions: Map<string, SessionSum>
  readonly models: Map<string, { -readonly [K in keyof ModelShift]: ModelShift[K] }>
  actualQuality: number
  readonly actualMs: number[]
  readonly simulatedMs: number[]
  readonly substitutions: Substitution[]
  readonly places: Map<string, number>
  readonly movers: MoverTracker
}

export function newTally(): Tally {
  return {
    calls: 0,
    changed: 0,
    sessions: new Map(),
    models: new Map(),
    actualQuality: 0,
    actualMs: [],
    simulatedMs: [],
    substitutions: [],
    places: new Map(),
    movers: trackMovers(),
  }
}

/** A call whose cost is known on both sides. */
export interface CountedCall {
  readonly id: string
  readonly session: string
  readonly task: string
  readonly end: ReplaySettled & { readonly costNano: Nano }
  readonly other: Counterfactual & { readonly cost: Nano }
  /** Predicted quality of the model that answered. */
  readonly quality: number | null
  /** Both choices in words, made when asked for. */
  readonly reasons: () => readonly [before: string, after: string]
}

export function addCall(tally: Tally, call: CountedCall): void {
  const { id, session, task, end, other, quality, reasons } = call
  tally.calls++
  const sum = sessionOf(tally, session)
  sum.calls++
  sum.actualCost += end.costNano
  sum.otherCost += other.cost - other.outputCost
  if (other.outputCost > 0 && other.model !== null && end.model !== null) {
    const place = placeOf(tally, end.model, other.model, task)
    sum.substituted.set(place, (sum.substituted.get(place) ?? 0) + other.outputCost)
  }
  if (quality !== null && other.quality !== null) {
    sum.judged++
    sum.quality += other.quality
    tally.actualQuality += quality
  }
  const qualityChange = quality === null || other.quality === null ? null : other.quality - quality
  const moved = {
    id,
    task,
    from: end.model,
    to: other.model,
    costChange: other.cost - end.costNano,
    qualityChange,
    actualCost: end.costNano,
  }
  tally.movers.add(moved, reasons)
  if (other.model !== end.model) tally.changed++
  if (end.latencyMs !== null) tally.actualMs.push(end.latencyMs)
  if (other.latencyMs !== null) tally.simulatedMs.push(other.latencyMs)
  if (end.model !== null) {
    const shift = shiftOf(tally, end.model)
    shift.actualCalls++
    shift.actualCost += end.costNano
  }
  if (other.model !== null) {
    const shift = shiftOf(tally, other.model)
    shift.simulatedCalls++
    shift.simulatedCost += other.cost
  }
}

function sessionOf(tally: Tally, session: string): SessionSum {
  let sum = tally.sessions.get(session)
  if (sum === undefined) {
    sum = { calls: 0, actualCost: 0, otherCost: 0, substituted: new Map(), quality: 0, judged: 0 }
    tally.sessions.set(session, sum)
  }
  return sum
}

function placeOf(tally: Tally, from: string, to: string, task: string): number {
  const key = `${from}|${to}|${task}`
  let place = tally.places.get(key)
  if (place === undefined) {
    place = tally.substitutions.push({ from, to, task }) - 1
    tally.places.set(key, place)
  }
  return place
}

function shiftOf(tally: Tally, model: string) {
  let shift = tally.models.get(model)
  if (shift === undefined) {
    shift = { model, actualCalls: 0, simulatedCalls: 0, actualCost: 0, simulatedCost: 0 }
    tally.models.set(model, shift)
  }
  return shift
}

/** The p-quantile of unsorted numbers, nearest rank; 0 when there are none. */
export function quantile(numbers: readonly number[], p: number): number {
  if (numbers.length === 0) return 0
  const sorted = Float64Array.from(numbers).sort()
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? 0
}
