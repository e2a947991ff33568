import type { Nano } from '../kit/index.js'
import type { CallLine } from './call-line.js'
import type { SpanSums } from './savings-of.js'
import type { sessionsOf } from './session-lines.js'

export type { CallLine } from './call-line.js'
export type { SpanSums } from './savings-of.js'

export interface ModelLine {
  readonly model: string
  readonly calls: number
  readonly costNano: Nano
  readonly breaker: 'closed' | 'half-open' | 'open' | null
}

export type SessionLine = ReturnType<typeof sessionsOf>[number]

/** Everything one frame shows, read at one moment. */
export interface Snapshot {
  readonly nowMs: number
  /** Newest first. */
  readonly calls: readonly CallLine[]
  readonly today: SpanSums
  readonly month: SpanSums
  /** Names of the baselines that calls were compared with. */
  readonly baselines: readonly string[]
  readonly callsPerMinute: number
  /** Milliseconds from the request's arrival until it went out to a model. */
  readonly overhead: { readonly p50Ms: number | null; readonly p95Ms: number | null }
  readonly models: readonly ModelLine[]
  /** Spend per hour, oldest first, ending with the current hour. */
  readonly trend: readonly Nano[]
  readonly sessions: readonly SessionLine[]
  readonly daemon: { readonly url: string; readonly profile: string; readonly sandbox: boolean; readonly pool: number } | null
}
