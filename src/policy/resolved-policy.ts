import type { Need } from '../canonical/index.js'
import type { Complexity, Task } from '../classify/types.js'

export interface Weights {
  readonly cost: number
  readonly quality: number
  readonly latency: number
  readonly carbon?: number
}

export type Strategy =
  | { readonly kind: 'weights'; readonly weights: Weights }
  | { readonly kind: 'cheapest'; readonly minQuality: number }
  | { readonly kind: 'balanced' }
  | { readonly kind: 'best' }

/** A numeric condition: equal to a number, or within open or closed bounds. */
export type Range = number | { readonly gt?: number; readonly gte?: number; readonly lt?: number; readonly lte?: number }

export interface When {
  readonly task?: Task | readonly Task[]
  readonly complexity?: Complexity | readonly Complexity[]
  readonly difficulty?: Range
  readonly inputTokens?: Range
  readonly tools?: Range
  readonly toolNames?: string | readonly string[]
  readonly needs?: Need | readonly Need[]
  readonly language?: string | readonly string[]
  readonly tier?: string | readonly string[]
  readonly tags?: string | readonly string[]
  readonly client?: string | readonly string[]
  /** Local hours, `'9-17'` or `'22-6'`. */
  readonly hours?: string
  /** USD left in the tightest budget that applies. */
  readonly budgetLeft?: Range
  readonly turn?: Range
  /** JavaScript regular expression over the last user message; its result is in the signals. */
  readonly prompt?: string
  readonly side?: boolean
  /** `'24h'`: matches when the call may wait at least this long. */
  readonly deadline?: string
}

export interface Rule {
  readonly name?: string
  readonly when: When
  /** A model, a list of models to choose among, or a profile (`profile:NAME`). */
  readonly use?: string | readonly string[]
  readonly weights?: Weights
  /** True: nothing outside `use` may serve, not even as a fallback. Default false: the rest of the pool is the fallback. */
  readonly strict?: boolean
  /**
   * `'24h'`: matching calls can wait this long, unless the client says otherwise; `'0s'`: they are answered immediately, whatever the
   * profile says.
   */
  readonly deadline?: string
}

/** Escalation by evidence. Evidence is a decayed sum of points (docs/policy.md lists them). */
export interface LadderSettings {
  readonly enabled: boolean
  /** Points at which the session climbs one rung. */
  readonly up: number
  /** Points at or below which it may come down after a success; well under `up`, so that it does not flap. */
  readonly down: number
  readonly maxRung: number
}

export interface CascadeSettings {
  readonly enabled: boolean
  /** Judge score below which the answer is replaced. */
  readonly threshold: number
  /** For streams: hold back at most this many milliseconds; 0 means streams are not cascaded. */
  readonly holdMs: number
  readonly judge?: { readonly model: string; readonly maxUsdPerCall: number }
}

/** When an arm of an experiment is stopped: its sessions then go back to the control. */
export interface ArmGuard {
  /** Calls an arm must have had before it is judged. */
  readonly minCalls: number
  readonly maxErrorRate?: number
  /** Mean cost of a call against that of everyone outside the arm. */
  readonly maxCostRatio?: number
}

/** What a call takes from a profile named by its rule or arm; everything else stays its own profile's. */
export interface SwitchedProfile {
  readonly strategy: Strategy
  readonly floor: number
  /** Only these may serve; the whole pool by default. */
  readonly models?: readonly string[]
}

/** A profile with everything resolved: no references to configuration, no secrets. Stored by hash. */
export interface ResolvedPolicy {
  readonly name: string
  readonly strategy: Strategy
  /** Relative to the best eligible predicted quality; 0 disables the veto. */
  readonly floor: number
  readonly rules: readonly Rule[]
  /** Profiles that rules may switch to and arms compare. */
  readonly profiles: Readonly<Record<string, SwitchedProfile>>
  /** Model ids of the pool, in configuration order. */
  readonly pool: readonly string[]
  readonly baseline: string | null
  readonly chainLength: number
  readonly pinned: 'strict' | 'fallback'
  readonly cacheAware: boolean
  /** Turns a session is expected to have left when nothing is known. */
  readonly expectedTurnsLeft: number
  readonly ladder: LadderSettings
  readonly cascade: CascadeSettings
  readonly exploration: { readonly rate: number; readonly margin: number }
  readonly experiment: {
    readonly name: string
    readonly salt: string
    /**
     * Each by its profile, or by the model that serves it, which is then its name too. Shares sum to at most 1; the rest is the control,
     * served by the profile itself.
     */
    readonly arms: readonly { readonly profile: string; readonly model?: string; readonly share: number }[]
    readonly guard?: ArmGuard
  } | null
  /** A second model, asked for comparison only, without delaying the client. */
  readonly shadow?: { readonly model: string; readonly rate: number; readonly maxUsdPerDay: number } | null
  /** A message that begins with `/max` is served by the best model. */
  readonly switchPrefix?: boolean
  readonly timeouts: { readonly totalMs: number; readonly connectMs: number; readonly firstByteMs: number; readonly idleMs: number }
  readonly afterSend: 'failover' | 'never'
  readonly limits: { readonly budgetAction: 'clamp' | 'downgrade' | 'block' | 'warn' }
}
