/** What `report --json` prints. USD as numbers, unknown as null, times ISO 8601. */
export interface Report {
  readonly since: string | null
  readonly until: string
  readonly calls: number
  /** Spend, notional amounts separate. */
  readonly costUsd: number
  /** Calls that clients' own credentials paid for, at the provider's list prices: in no other sum of money, and in no savings. */
  readonly notional: { readonly calls: number; readonly costUsd: number }
  /** What of `calls` and `costUsd` was imported, at list prices: what its maker was billed is not known. */
  readonly imported: { readonly calls: number; readonly costUsd: number }
  /** Calls whose price is unknown; they are in no sum of money. */
  readonly unpricedCalls: number
  readonly shadowCostUsd: number
  /** Calls of `simulate --verify`: in no other sum, since no client made them. */
  readonly verification: { readonly calls: number; readonly costUsd: number }
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly errorRate: number
  readonly baselines: readonly BaselineComparison[]
  readonly by: GroupBy
  /** Most expensive first; by day, oldest first. */
  readonly groups: readonly Group[]
  /** Share of calls that moved to a stronger model on evidence, by ladder or cascade. */
  readonly escalationRate: number
  /** Attempts on a further model, a call. */
  readonly failoverRate: number
  /** Share of prompt tokens that were read from a provider's cache. */
  readonly cacheHitRate: number
  readonly overProvisioned: readonly OverProvisionedRoute[]
  readonly profiles: readonly ProfileReturn[]
  readonly experiments: readonly ExperimentResult[]
  /** Newest calls that quality, satisfaction, escalation by group, returns and experiments are computed from. */
  readonly lookedAt: number
}

/** Computed from calls that were read one by one, see `lookedAt`. */
export interface Judged {
  /** Mean predicted probability of a good answer, of the models that answered; feedback and judges have moved it. */
  readonly quality: number | null
  /** Calls that a person has judged, */
  readonly feedback: number
  /** the share of them that was good, with Wilson's 95% interval. */
  readonly satisfaction: number | null
  readonly satisfactionLow: number | null
  readonly satisfactionHigh: number | null
  readonly escalationRate: number
}

export const GROUP_BY = ['model', 'task', 'profile', 'route', 'client', 'key', 'day'] as const
export type GroupBy = (typeof GROUP_BY)[number]

/** The same tokens at the baseline's rates compared with the spend, over the calls where both are known. */
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

export interface Group extends Judged {
  readonly name: string
  readonly calls: number
  readonly costUsd: number
  readonly notionalUsd: number
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
  /** How sure: mean probability that the cheaper one is as good, given how well the abilities of both are known. */
  readonly sure: number
  /** Its mean predicted quality on these calls. */
  readonly cheaperQuality: number
  /** A few of the calls, the surest first. */
  readonly examples: readonly string[]
}

/** What routing brought in under one profile, over the calls where cost and baseline cost are both known. */
export interface ProfileReturn {
  readonly profile: string
  readonly calls: number
  readonly costUsd: number
  readonly savingsUsd: number
  /** 95% interval, clustered by session; null for fewer than two. */
  readonly savingsUsdLow: number | null
  readonly savingsUsdHigh: number | null
  /** What routing itself cost: judges, classifiers, answers sent back, shadows. All but the shadows is in `costUsd`. */
  readonly overheadUsd: number
  /** Saved for each dollar spent; null when nothing was. */
  readonly returnPerUsd: number | null
}

export interface ExperimentResult {
  readonly name: string
  /** The one that the others are compared with first: the control, or the largest. */
  readonly arms: readonly ArmResult[]
}

export interface ArmResult extends Judged {
  /** A profile, a model, or `control`. */
  readonly arm: string
  readonly calls: number
  readonly sessions: number
  readonly costPerCallUsd: number | null
  /** 95% intervals, clustered by session. */
  readonly costPerCallUsdLow: number | null
  readonly costPerCallUsdHigh: number | null
  /** Difference to the first arm, a call. */
  readonly againstUsd: number | null
  readonly againstUsdLow: number | null
  readonly againstUsdHigh: number | null
  readonly errorRate: number
  readonly errorRateLow: number | null
  readonly errorRateHigh: number | null
  /** Share of calls that another model than the arm's, or than its profile's first choice, answered. */
  readonly otherModelRate: number
  readonly meanLatencyMs: number | null
}
