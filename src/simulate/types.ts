import type { Nano } from '../kit/index.js'
import type { Movers } from './movers.js'

/** A number with its 95% interval. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

export type Evidence = 'sufficient' | 'weak' | 'insufficient'

export interface Excluded {
  readonly reason: string
  readonly calls: number
}

export interface ModelShift {
  readonly model: string
  readonly actualCalls: number
  readonly simulatedCalls: number
  readonly actualCost: Nano
  readonly simulatedCost: Nano
}

/** What another policy would have done with the calls of a log. Costs nano-USD, times milliseconds. */
export interface Simulation {
  readonly policy: string
  readonly calls: number
  readonly sessions: number
  readonly sinceMs: number | null
  readonly untilMs: number | null
  /** Calls whose decision was made again exactly, order included. */
  readonly reproduced: number
  /** Calls whose endogenous state, rebuilt from events alone, is the recorded one. */
  readonly rechained: number
  /** Calls whose cost, recomputed from usage and stored rates, is the recorded one. */
  readonly repriced: number
  /** Calls of another engine: reported, not failures. */
  readonly olderEngine: number
  readonly excluded: readonly Excluded[]
  readonly actual: { readonly cost: Nano; readonly quality: number; readonly p50Ms: number; readonly p95Ms: number }
  readonly simulated: { readonly cost: Estimate; readonly quality: Estimate; readonly p50Ms: number; readonly p95Ms: number }
  /** Actual minus simulated; negative when the other policy costs more. */
  readonly savings: Estimate
  /** Calls that another model would have answered. */
  readonly changed: number
  readonly byModel: readonly ModelShift[]
  readonly movers: Movers
  readonly evidence: Evidence
  /** Why the evidence is not sufficient; empty when it is. */
  readonly doubts: readonly string[]
}
