import { type Nano, nanoFromUsd } from '../kit/index.js'
import type { Candidate } from './candidate.js'
import { ratesFor } from './expect-cost.js'
import type { BudgetState, CascadeSettings, DecideInput, ModelState, Plan } from './types.js'
import { vetoOf } from './veto.js'

/** Output tokens assumed where neither the client nor the model has a limit. */
const ASSUMED_LIMIT = 32_768
/** A prompt may hold this much more than was estimated. */
export const PROMPT_MARGIN = 1.15
/** An answer is not clamped below this many tokens; the model is ruled out instead. */
const LEAST_OUTPUT = 256

/** Nano-USD left in the tightest budget; infinite without budgets, negative when overspent. */
export function leftOf(budgets: readonly BudgetState[]): Nano {
  let left = Number.POSITIVE_INFINITY
  for (const budget of budgets) left = Math.min(left, leftIn(budget))
  return left
}

/** Nano-USD left in one budget; negative when overspent. */
export function leftIn({ limit, spent, reserved }: BudgetState): Nano {
  return limit - spent - reserved
}

function outputLimit(state: ModelState, limit: number | null): number {
  const most = state.rev.maxOutput ?? ASSUMED_LIMIT
  return limit === null ? most : Math.min(limit, most)
}

/** The most that a prompt can cost at a model, and each output token, in pico-USD; null when unpriced. */
function boundRates(state: ModelState, inputTokens: number): { readonly prompt: number; readonly perToken: number } | null {
  if (state.rev.rates === null) return null
  const tokens = Math.ceil(inputTokens * state.tokenizerRatio * PROMPT_MARGIN)
  const row = ratesFor(state.rev.rates, tokens)
  if (row.input === null || row.output === null) return null
  const dearest = Math.max(row.input, row.cacheWrite5m ?? 0, row.cacheWrite1h ?? 0)
  return { prompt: tokens * dearest + state.rev.rates.perCall * 1000, perToken: Math.max(row.output, row.reasoning ?? 0) }
}

/**
 * Upper bound of a call's cost at a model, nano-USD: every prompt token at its highest rate, output up to the limit. Null when unpriced.
 */
export function upperBound(state: ModelState, inputTokens: number, limit: number | null): Nano | null {
  const bound = boundRates(state, inputTokens)
  return bound === null ? null : Math.ceil((bound.prompt + outputLimit(state, limit) * bound.perToken) / 1000)
}

/** Largest output limit with which a call at this model stays within `left`; null when even the shortest useful answer does not. */
function affordableOutput(state: ModelState, inputTokens: number, left: Nano): number | null {
  const bound = boundRates(state, inputTokens)
  if (bound === null) return null
  const tokens = Math.floor((left * 1000 - bound.prompt) / bound.perToken)
  return tokens >= LEAST_OUTPUT ? tokens : null
}

/**
 * Rules out candidates that could cost more than is left, and returns the output clamps by candidate index; null when no budget applies.
 * `clamp` shortens the answer where that suffices; `downgrade` and `block` do not; `warn` lets everything pass.
 */
export function applyBudget(candidates: readonly Candidate[], input: DecideInput): ReadonlyMap<number, number> | null {
  const action = input.policy.limits.budgetAction
  if (input.endogenous.budgets.length === 0 || action === 'warn') return null
  const clamps = new Map<number, number>()
  const left = leftOf(input.endogenous.budgets)
  const { inputTokens } = input.signals
  for (const c of candidates) {
    if (c.veto !== null) continue
    const bound = upperBound(c.state, inputTokens, input.limit)
    if (bound !== null && bound <= left) continue
    const clamp = action === 'clamp' ? affordableOutput(c.state, inputTokens, left) : null
    if (clamp === null) c.veto = vetoOf('budget')
    else clamps.set(c.index, clamp)
  }
  return clamps
}

/**
 * What to reserve before a call is sent: the most that any one model of the chain can cost within the plan's output limit, and for a
 * cascade the two that may both be paid, and their judge. 0 when nothing of the chain has a price.
 */
export function reservationOf(input: DecideInput, plan: Plan): Nano {
  // A clamp is always below the client's limit.
  const limit = plan.clampOutput ?? input.limit
  const bounds = plan.steps.slice(0, plan.chain).map((step) => {
    const state = input.models.find((m) => m.rev.id === step.model)
    return state === undefined ? 0 : (upperBound(state, input.signals.inputTokens, limit) ?? 0)
  })
  const first = bounds[0] ?? 0
  const rest = Math.max(0, ...bounds.slice(1))
  return plan.steps[0]?.gate === undefined ? Math.max(first, rest) : first + rest + judgeBound(input.policy.cascade)
}

/** The most that judging an answer may cost. */
export function judgeBound({ judge }: CascadeSettings): Nano {
  return judge === undefined ? 0 : nanoFromUsd(judge.maxUsdPerCall)
}
