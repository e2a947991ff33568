import type { CascadeSettings, LadderSettings, ResolvedPolicy, Strategy, Weights } from './types.js'

/** The core of a profile: how candidates are compared, and how far below the best one a candidate may be. */
export interface Preset {
  readonly strategy: Strategy
  readonly floor: number
}

function weighted(cost: number, quality: number, latency: number, floor: number): Preset {
  const weights: Weights = { cost, quality, latency }
  return { strategy: { kind: 'weights', weights }, floor }
}

/** Profiles that ship with llmroute. */
export const PRESETS = {
  economy: weighted(0.6, 0.25, 0.15, 0.75),
  balanced: weighted(0.35, 0.45, 0.2, 0.88),
  quality: weighted(0.1, 0.7, 0.2, 0.96),
  fast: weighted(0.15, 0.2, 0.65, 0.75),
} as const satisfies Readonly<Record<string, Preset>>

/** Ready-made profiles by workload, each with the floor of the preset it resembles. */
const WORKLOADS = {
  support: weighted(0.55, 0.25, 0.2, PRESETS.economy.floor),
  code: PRESETS.quality,
  chat: weighted(0.15, 0.2, 0.65, PRESETS.fast.floor),
  data: weighted(0.7, 0.2, 0.1, PRESETS.economy.floor),
  content: weighted(0.2, 0.6, 0.2, PRESETS.quality.floor),
} as const satisfies Readonly<Record<string, Preset>>

/** The best model that can serve, whatever it costs: a conversation switches to it and back. */
const MAX: Preset = { strategy: { kind: 'best' }, floor: 0 }

/** Every name that needs no definition in the configuration. */
export const READY_MADE: Readonly<Record<string, Preset>> = { ...PRESETS, ...WORKLOADS, max: MAX }

/** Predicted quality that `cheapest` requires by default. */
export const DEFAULT_MIN_QUALITY = 0.8

const LADDER: LadderSettings = { enabled: true, up: 3, down: 0.5, maxRung: 2 }
const CASCADE: CascadeSettings = { enabled: false, threshold: 0.5, holdMs: 0 }

/** A profile's values when neither it nor what it extends sets them. Times in milliseconds. */
export const PROFILE_DEFAULTS = {
  chainLength: 3,
  pinned: 'strict',
  cacheAware: true,
  expectedTurnsLeft: 4,
  ladder: LADDER,
  cascade: CASCADE,
  exploration: { rate: 0, margin: 0.02 },
  experiment: null,
  timeouts: { totalMs: 600_000, connectMs: 10_000, firstByteMs: 300_000, idleMs: 120_000 },
  afterSend: 'failover',
  limits: { budgetAction: 'clamp' },
} as const satisfies Partial<ResolvedPolicy>
