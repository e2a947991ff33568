import { entry, formatNumberOf, type Nano } from '../kit/index.js'
import type { Plan, Step } from '../policy/index.js'
import type { Estimate, Support } from './types.js'

/** What one session adds: sums of (weight × cost − expected), of (weight − 1), and of weight × (cost − expected of that model). */
export interface SessionSums {
  cost: number
  weight: number
  correction: number
}

/** Sums over calls whose choice was random with a known probability: the cost of the other policy, judged by such calls alone. */
type OffPolicySums = ReturnType<typeof newOffPolicy>

export function newOffPolicy() {
  return {
    calls: 0,
    explored: 0,
    weights: 0,
    squares: 0,
    weighted: 0,
    direct: 0,
    corrections: 0,
    /** Choices of the other policy, in probability, that the log's own policy could not have drawn. */
    unsupported: 0,
    sessions: new Map<number, SessionSums>(),
  }
}

/** A call's weight is the other policy's probability of the choice that was made, over the probability with which it was made. */
export function addChoice(sums: OffPolicySums, session: number, logged: Plan, other: Plan, cost: Nano): void {
  const chosen = logged.steps[0]
  const instead = other.steps[0]
  if (chosen === undefined || instead === undefined || chosen.propensity <= 0 || instead.cost === null) return
  let probability = 0
  let expected = 0
  /** Expected cost of the model that was chosen, as the other policy would have it: both halves of an estimate need the same prediction. */
  let ofChosen = 0
  for (const step of other.steps) {
    if (step.propensity <= 0 || step.cost === null) continue
    if (step.model === chosen.model) {
      probability = step.propensity
      ofChosen = step.cost
    }
    if (!couldDraw(logged.steps, step.model)) sums.unsupported += step.propensity
    expected += step.propensity * step.cost
  }
  const weight = probability / chosen.propensity
  sums.calls++
  if (chosen.propensity < 1) sums.explored++
  sums.weights += weight
  sums.squares += weight * weight
  sums.weighted += weight * cost
  sums.direct += expected
  sums.corrections += weight * (cost - ofChosen)
  const own = entry(sums.sessions, session, () => ({ cost: 0, weight: 0, correction: 0 }))
  own.cost += weight * cost - expected
  own.weight += weight - 1
  own.correction += weight * (cost - ofChosen)
}

function couldDraw(steps: readonly Step[], model: string): boolean {
  for (const step of steps) if (step.model === model) return step.propensity > 0
  return false
}

/** Estimates from choices that were drawn at random with a known probability; nano-USD for all the calls together. */
export type OffPolicy = NonNullable<ReturnType<typeof offPolicyOf>>

const Z95 = 1.959964
/** As good as fewer calls than these: not to be relied on, and to be taken with care. */
const ENOUGH = 30
const PLENTY = 100
/** The largest share of its choices that may have had probability zero. */
const TOLERATED = 0.01

/**
 * The cost of the other policy on these calls: inverse propensity scores (Horvitz and Thompson 1952), self-normalised (Swaminathan and
 * Joachims 2015), and doubly robust (Dudík, Langford and Li 2011). The effective sample size is Kish's (1965), (Σw)² / Σw². The calls are
 * given and their draws are random: intervals rest on the deviation of each session's sum from its expectation, which if anything is too
 * large. Null when no choice was random: then nothing was tried that the log's own policy would not have done.
 */
export function offPolicyOf(sums: OffPolicySums) {
  const { calls, explored, weights, squares, weighted, direct, corrections, unsupported, sessions } = sums
  if (explored === 0) return null
  const all = [...sessions.values()]
  const around = (value: number, errorOf: (s: SessionSums) => number): Estimate => {
    const variance = all.reduce((sum, s) => sum + errorOf(s) ** 2, 0) * (all.length / Math.max(1, all.length - 1))
    const half = Z95 * Math.sqrt(variance)
    return { value, low: value - half, high: value + half }
  }
  const mean = weights === 0 ? 0 : weighted / weights
  const effectiveCalls = squares === 0 ? 0 : weights ** 2 / squares
  return {
    calls,
    /** Calls whose choice could have been another. */
    explored,
    /** Effective sample size: as many calls would say as much if all were weighed alike. */
    effectiveCalls,
    /** Share of the other policy's choices that could have been drawn in the log. */
    support: 1 - unsupported / calls,
    /** Inverse propensity scores. */
    ips: around(weighted, (s) => s.cost),
    /** The same, normalised by the weights; null when the other policy would have made none of the choices. */
    snips: weights === 0 ? null : around(mean * calls, (s) => (calls / weights) * (s.cost - mean * s.weight)),
    doublyRobust: around(direct + corrections, (s) => s.correction),
    ...doubtsOf({ calls, effectiveCalls, unsupported, sessions: all.length }),
  }
}

type Ground = Readonly<Record<'calls' | 'effectiveCalls' | 'unsupported' | 'sessions', number>>

function doubtsOf({ calls, effectiveCalls, unsupported, sessions }: Ground): Support {
  const grave: string[] = []
  if (unsupported > TOLERATED * calls) {
    const share = `${Math.round(unsupported)} of ${calls} choices`
    grave.push(`${share} of the other policy are of models that were never drawn for such calls`)
  }
  if (effectiveCalls < ENOUGH) grave.push(`the drawn choices say as much as ${effectiveCalls.toFixed(0)} calls would`)
  if (grave.length > 0) return { evidence: 'insufficient', doubts: grave }
  const doubts: string[] = []
  if (effectiveCalls < PLENTY) doubts.push(`the drawn choices say as much as ${effectiveCalls.toFixed(0)} calls would`)
  if (sessions < ENOUGH) doubts.push(`the log has only ${formatNumberOf(sessions, 'session')}`)
  return { evidence: doubts.length === 0 ? 'sufficient' : 'weak', doubts }
}
