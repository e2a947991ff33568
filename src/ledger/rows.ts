import type { AttemptRow, CallFacts, CallSettle, CallStatus, DecisionRow, OutcomeRow } from './types.js'
import type { DIMENSIONS, SUMS } from './write/rollups.js'
import { type AttemptSums, plusKnown } from './write/sum-attempts.js'

/** Rows as the ledger gives them back. */

type ReplyFacts = Pick<CallSettle, 'model' | 'costNano' | 'baselineCostNano' | 'ttftMs' | 'latencyMs' | 'error'>

/** A call as listings show it. Token kinds are disjoint, as in canonical Usage, and sums over all attempts but shadow ones. */
export interface CallRow extends CallFacts, ReplyFacts, Omit<AttemptSums, 'served' | 'failovers'> {
  readonly seq: number
  readonly status: CallStatus
  readonly settledAtMs: number | null
  readonly source: string | null
  /** Attempts to serve. */
  readonly attempts: number
  readonly httpStatus: number | null
}

/** All prompt tokens of a call, cached ones and cache writes among them; null when nothing was reported. */
export function promptTokens({ inputTokens, cacheReadTokens, cacheWriteTokens }: CallRow): number | null {
  return plusKnown(plusKnown(inputTokens, cacheReadTokens), cacheWriteTokens)
}

/** Tokens a second from the first to the last; null for what did not stream, or has not ended. */
export function outputSpeed({ outputTokens, latencyMs, ttftMs }: Pick<CallRow, 'outputTokens' | 'latencyMs' | 'ttftMs'>): number | null {
  if (outputTokens === null || latencyMs === null || ttftMs === null || latencyMs - ttftMs < 1) return null
  return outputTokens / ((latencyMs - ttftMs) / 1000)
}

/** All prompt tokens of one attempt. */
export function promptTokensOf(
  attempt: Pick<AttemptRow, 'inputTokens' | 'cacheReadTokens' | 'cacheWrite5mTokens' | 'cacheWrite1hTokens'>,
): number | null {
  const read = plusKnown(attempt.inputTokens, attempt.cacheReadTokens)
  return plusKnown(plusKnown(read, attempt.cacheWrite5mTokens), attempt.cacheWrite1hTokens)
}

/** A call with everything known of it but its bodies. */
export interface CallDetail {
  readonly call: CallRow
  readonly decision: DecisionRow
  readonly attempts: readonly AttemptRow[]
  readonly outcomes: readonly OutcomeRow[]
}

/** `since` inclusive and `until` exclusive, milliseconds since the epoch. */
export interface TimeRange {
  readonly since?: number
  readonly until?: number
}

/** All given conditions hold; the newest calls first. */
export interface CallFilter extends TimeRange {
  readonly status?: CallStatus
  readonly model?: string
  readonly task?: string
  readonly profile?: string
  readonly client?: string
  readonly key?: string
  /** Its sub-agents, whose names begin with it and a slash, are meant too. */
  readonly session?: string
  readonly source?: string | null
  readonly limit?: number
}

export type RollupDimension = 'hour' | (typeof DIMENSIONS)[number]

/** Sums of a group; the dimensions asked for are set, `hour` in milliseconds since the epoch. */
export interface RollupRow extends Readonly<Record<(typeof SUMS)[number], number>> {
  readonly by: Readonly<Partial<Record<Exclude<RollupDimension, 'hour'>, string | null>>>
  readonly hourMs: number | null
}

export interface RollupQuery extends TimeRange {
  readonly by: readonly RollupDimension[]
  /** `null` is live traffic only; absent is everything. */
  readonly source?: string | null
  /** A source that is left out. */
  readonly except?: string
}

export interface Quantiles {
  readonly calls: number
  readonly p50Ms: number
  readonly p95Ms: number
}

export interface Counts {
  /** Every call ever recorded, including pruned ones. */
  readonly calls: number
  readonly running: number
  /** Size of the file, and what of it is in use: what pruning frees is used again before the file grows. */
  readonly bytes: number
  readonly usedBytes: number
  readonly oldestMs: number | null
}
