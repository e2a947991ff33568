import type { Nano } from '../kit/index.js'

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

/** Totals of one session on both sides. */
export interface SessionShift {
  readonly session: string
  readonly calls: number
  readonly changed: number
  readonly actualCost: Nano
  readonly simulatedCost: Nano
}

/** Totals of one day's, or one route's, calls on both sides. */
export interface GroupShift {
  readonly name: string
  readonly calls: number
  readonly changed: number
  readonly actualCost: Nano
  readonly simulatedCost: Nano
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
<<<<<<< ours

/** Milliseconds of the calls that have a time; null when none has. */
interface Latency {
  readonly p50Ms: number | null
  readonly p95Ms: number | null
}

/** What another policy would have done with the calls of a log. Costs nano-USD, times milliseconds. */
export interface Simulation {
  readonly policy: string
  readonly calls: number
  readonly sessions: number
  readonly sinceMs: number | null
  readonly untilMs: number | null
  /** Calls of the range, also those left out of the figures: as many as could be reproduced, rechained and repriced. */
  readonly checked: number
  /** Calls whose decision was made again exactly, order included. */
  readonly reproduced: number
  /** Calls whose endogenous state, rebuilt from events alone, is the recorded one. */
  readonly rechained: number
  /** Calls whose cost, recomputed from usage and stored rates, is the recorded one: unknown for a call that was interrupted. */
  readonly repriced: number
  /** Calls of another engine: reported, not failures. */
  readonly olderEngine: number
  readonly excluded: readonly Excluded[]
  /** Quality is null where no call was answered. */
  readonly actual: { readonly cost: Nano; readonly quality: number | null } & Latency
  readonly simulated: { readonly cost: Estimate; readonly quality: Estimate | null } & Latency
  /** Actual minus simulated; negative when the other policy costs more. */
  readonly savings: Estimate
  /** Calls that another model would have answered. */
  readonly changed: number
  readonly byModel: readonly ModelShift[]
  readonly movers: Movers
  /** Sessions that move the result most. */
  readonly bySession: readonly SessionShift[]
  /** Oldest first; local days, as in a report. */
  readonly byDay: readonly GroupShift[]
  /** Profile, task and complexity; the largest change first. */
  readonly byRoute: readonly GroupShift[]
  readonly errors: Errors
  /** Null when no choice of the log was random. */
  readonly offPolicy: OffPolicy | null
  readonly baselines: readonly Baseline[]
  /** Their part that is not in `baselines`: calls left out under this policy alone. */
  readonly uncounted: readonly BaselineSum[]
  /** What the calls of each baseline, by its name, come to under this policy. */
  readonly covered: ReadonlyMap<string, Nano>
  readonly evidence: Evidence
  /** Why the evidence is not sufficient; empty when it is. */
  readonly doubts: readonly string[]
}
=======
>>>>>>> theirs
