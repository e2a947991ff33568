import type { Nano } from '../kit/index.js'
import type { Shift } from './shift.js'

/** A number with its 95% interval. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

export type Evidence = 'sufficient' | 'weak' | 'insufficient'

/** Fewer observations of a model than this make its predictions insufficient. */
export const ENOUGH_CALLS = 30

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

/** Totals on both sides of the calls of one session, day, route or task. */
export interface GroupShift extends Readonly<Shift> {
  readonly name: string
}

/** How far the log supports a result. */
export interface Support {
  readonly evidence: Evidence
  /** Why the evidence is not sufficient; empty when it is. */
  readonly doubts: readonly string[]
}

/** What the same calls would have cost at one model, or did cost; nano-USD. */
export interface Baseline {
  readonly name: string
  readonly cost: Nano
  /** Calls that it has a price for. */
  readonly calls: number
  /** Of those calls: what they would cost under the other policy is subtracted. Negative when that costs more. */
  readonly savings: number
  /** `insufficient` where the baseline's model answered too few of the logged calls to know its tokens. */
  readonly evidence: Evidence
}
