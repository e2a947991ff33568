import type { Nano } from '../kit/index.js'

/** One call as the monitor shows it; `model` is the one that answered, or the chosen one while it runs. */
export interface CallLine {
  readonly seq: number
  readonly id: string
  readonly startedAtMs: number
  readonly status: 'running' | 'ok' | 'error' | 'cancelled' | 'interrupted'
  readonly client: string
  readonly session: string | null
  readonly turn: number
  readonly profile: string
  readonly model: string | null
  readonly task: string
  readonly complexity: string
  readonly difficulty: number
  readonly costNano: Nano | null
  /** The client's own credential paid. */
  readonly costNotional: boolean
  readonly baseline: string | null
  readonly baselineCostNano: Nano | null
  readonly ttftMs: number | null
  readonly latencyMs: number | null
  /** All prompt tokens, and those of them that came from a cache. */
  readonly promptTokens: number
  readonly cachedTokens: number | null
  readonly outputTokens: number | null
  readonly attempts: number
  readonly reason: string
  readonly error: string | null
}

/** Spend of a time span beside the baseline's cost for the same calls. */
export interface SpanSums {
  readonly calls: number
  readonly costNano: Nano
  /** What clients' own credentials paid for, no spend. */
  readonly notionalNano: Nano
  readonly unpriced: number
  /** Over the calls that have both costs: baseline minus spend, signed; null when there are none. */
  readonly savingsNano: Nano | null
  readonly savingsLowNano: Nano | null
  readonly savingsHighNano: Nano | null
  readonly baselineNano: Nano | null
}

export interface ModelLine {
  readonly model: string
  readonly calls: number
  readonly costNano: Nano
  readonly breaker: 'closed' | 'half-open' | 'open' | null
}

export interface SessionLine {
  readonly session: string
  readonly client: string
  readonly turns: number
  readonly model: string | null
  readonly lastAtMs: number
  readonly costNano: Nano
  /** Share of the last calls' prompt tokens that were read from a cache; null when not reported. */
  readonly warmth: number | null
}

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
