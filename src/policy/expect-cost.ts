import type { CacheRule, Rates } from '../catalog/types.js'
import type { Nano } from '../kit/index.js'
import type { DecideInput, ModelState, Warm } from './types.js'

/** Probability that a prefix written now is found on the next turn, before anything was reported for the account and model. */
export const PRIOR_HIT = 0.9

/** What a call is priced from. Token counts are in the reference tokenizer unless stated otherwise. */
export interface Outlook {
  readonly inputTokens: number
  /** Turns expected after this one; 0 prices this call alone. */
  readonly turnsLeft: number
  /** Tokens by which the prompt grows from turn to turn, answers included; it grows by the answer at least. */
  readonly growth: number
  /** False prices every prompt token as new, as a cache-blind policy does. */
  readonly cacheAware: boolean
  /** Whether prompts going out mark cache breakpoints. */
  readonly cacheMarks: boolean
}

/**
 * Turns that the session is expected to use the model chosen now. A side call ends where it is; a first message without tools is as likely
 * as not the only one; an agent's loop, or a conversation that has already continued, lasts as long as the policy says. A session that
 * alternates between models is expected to go on like that, so a model's later turns count only as long as one has been kept so far. A
 * switch that was not reversed shortens nothing: its cold write was paid for the turns that follow, and is lost if they are not counted.
 */
function turnsLeft(input: DecideInput): number {
  const { policy, signals, endogenous } = input
  if (!policy.cacheAware || signals.sideKind !== null) return 0
  const started = endogenous.turn > 0 || signals.tools.count > 0 || signals.trajectory.userTurns > 1
  const left = started ? policy.expectedTurnsLeft : Math.min(1, policy.expectedTurnsLeft)
  return endogenous.returns === 0 ? left : Math.min(left, endogenous.turn / endogenous.returns)
}

/** The inputs of the candidates' expected costs, for this call and the turns that follow. */
export function outlookOf(input: DecideInput): Outlook {
  const { policy, signals, endogenous } = input
  const { inputTokens, envelope } = signals
  const turns = Math.max(1, endogenous.turn + 1, signals.trajectory.userTurns + signals.trajectory.loopLength)
  return {
    inputTokens,
    turnsLeft: turnsLeft(input),
    growth: Math.max(0, Math.round((inputTokens - envelope.tokens) / turns)),
    cacheAware: policy.cacheAware,
    cacheMarks: input.cacheMarks,
  }
}

interface ExpectedCost {
  /** This call. */
  readonly cost: Nano | null
  /** A turn, on average over this and the turns that follow, if all are served here. */
  readonly horizonCost: Nano | null
}

const UNPRICED: ExpectedCost = { cost: null, horizonCost: null }

/** Rates of one size of prompt: the flat row, or the tier that the prompt falls into. Null rates are unknown. */
type RateRow = Omit<Rates, 'tiers' | 'perCall'>

/** The last tier whose `above` is below the prompt's tokens replaces the flat rates of the whole call. */
export function ratesFor(rates: Rates, promptTokens: number): RateRow {
  let row: RateRow = rates
  if (rates.tiers !== undefined) for (const tier of rates.tiers) if (promptTokens > tier.above) row = tier
  return row
}

/** Tokens of a prefix that the provider can have cached: none below the minimum, then whole steps. */
export function cacheable(tokens: number, rule: CacheRule): number {
  if (rule.mode === 'none' || tokens < rule.minTokens) return 0
  return rule.stepTokens <= 1 ? tokens : tokens - (tokens % rule.stepTokens)
}

/**
 * Price of one prompt in pico-USD when `warm` of its tokens are cached with probability `hit` and the rest is written. Null when a needed
 * rate is unknown.
 */
function promptPico(rates: Rates, rule: CacheRule, tokens: number, warm: number, hit: number, writes: boolean): number | null {
  const row = ratesFor(rates, tokens)
  if (row.input === null) return null
  const write = writes && tokens >= rule.minTokens && row.cacheWrite5m !== null ? row.cacheWrite5m : row.input
  if (warm === 0 || row.cacheRead === null) return tokens * write
  return tokens * write - hit * warm * (write - row.cacheRead)
}

function toNano(pico: number): Nano {
  return Math.floor((pico + 500) / 1000)
}

/**
 * Expected cost of a call at a model, and per turn over the session's expected rest. Now the model finds its longest warm ancestor (with
 * the learned probability of a hit) and writes the rest cold; on every later turn it finds what it wrote the turn before. So a switch pays
 * its cold write once, and staying pays the higher read price as long as the session lasts.
 */
export function expectedCost(
  state: Pick<ModelState, 'rev' | 'tokenizerRatio' | 'laterOut'>,
  out: number,
  warm: Pick<Warm, 'tokens' | 'untilMs' | 'hit'> | null,
  atMs: number,
  outlook: Outlook,
): ExpectedCost {
  const { rates, cache } = state.rev
  if (rates === null || rates.output === null) return UNPRICED
  const ratio = state.tokenizerRatio
  const prompt = Math.round(outlook.inputTokens * ratio)
  const writes = outlook.cacheAware && cache.mode !== 'none' && (cache.mode === 'automatic' || outlook.cacheMarks)
  const isWarm = outlook.cacheAware && warm !== null && warm.untilMs > atMs
  const warmTokens = isWarm ? Math.min(prompt, cacheable(Math.round(warm.tokens * ratio), cache)) : 0
  const hit = warm === null ? PRIOR_HIT : warm.hit
  const now = promptPico(rates, cache, prompt, warmTokens, hit, writes)
  const outRate = ratesFor(rates, prompt).output
  if (now === null || outRate === null) return UNPRICED
  const fixed = out * outRate + rates.perCall * 1000
  const cost = toNano(now + fixed)
  const left = outlook.turnsLeft
  if (left === 0) return { cost, horizonCost: cost }

  const laterOut = state.laterOut ?? out
  const grown = Math.max(laterOut, Math.round(outlook.growth * ratio))
  const before = prompt + Math.round((grown * Math.max(0, left - 1)) / 2)
  const later = promptPico(rates, cache, before + grown, writes ? cacheable(before, cache) : 0, hit, writes)
  const laterRate = ratesFor(rates, before + grown).output
  if (later === null || laterRate === null) return { cost, horizonCost: cost }
  const turn = later + laterOut * laterRate + rates.perCall * 1000
  return { cost, horizonCost: toNano((now + fixed + left * turn) / (1 + left)) }
}
