/** What `report --json` prints. USD as numbers, unknown as null, times ISO 8601. */
export interface Report {
  readonly since: string | null
  readonly until: string
  readonly calls: number
  readonly costUsd: number
  /** Calls whose price is unknown; they are in no sum of money. */
  readonly unpricedCalls: number
  readonly shadowCostUsd: number
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly errorRate: number
  readonly baselines: readonly BaselineComparison[]
  readonly by: GroupBy
  /** Dearest first; by day, oldest first. */
  readonly groups: readonly Group[]
  /** Share of calls that moved to a stronger model on evidence, by ladder or cascade. */
  readonly escalationRate: number
  /** Attempts on a further model, a call. */
  readonly failoverRate: number
  /** Share of prompt tokens that were read from a provider's cache. */
  readonly cacheHitRate: number
  readonly overProvisioned: readonly OverProvisionedRoute[]
}

export const GROUP_BY = ['model', 'task', 'profile', 'route', 'client', 'key', 'day'] as const
export type GroupBy = (typeof GROUP_BY)[number]

/** The same tokens at the baseline's rates against what was spent, over the calls where both are known. */
export interface BaselineComparison {
  readonly name: string
  readonly calls: number
  readonly costUsd: number
  readonly savingsUsd: number
  /** 95% interval, see `savingsInterval`; null for fewer than two sessions. */
  readonly savingsUsdLow: number | null
  readonly savingsUsdHigh: number | null
  /** Of the baseline's cost; null when that is 0. */
  readonly savingsFraction: number | null
}

export interface Group {
  readonly name: string
  readonly calls: number
  readonly costUsd: number
  readonly unpricedCalls: number
  readonly savingsUsd: number
  readonly errorRate: number
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly meanLatencyMs: number | null
  readonly meanTtftMs: number | null
  /** By model only. */
  readonly p50LatencyMs: number | null
  readonly p95LatencyMs: number | null
}

/** Calls of one route where a cheaper candidate was predicted to be as good. */
export interface OverProvisionedRoute {
  readonly route: string
  readonly calls: number
  readonly costUsd: number
  /** Most often the cheaper candidate. */
  readonly cheaperModel: string
  /** Difference of the expected costs at the time of each decision. */
  readonly avoidableUsd: number
}
