import type { Effort, Loss, Reasoning } from '../canonical/index.js'
import { lose } from './losses.js'

/**
 * Effort levels against thinking budgets, for vendors that know only one of the two.
 * A level is a share of the output limit, as OpenRouter documents for `reasoning.effort`
 * (https://openrouter.ai/docs/use-cases/reasoning-tokens); Anthropic's least budget is 1024 tokens.
 */
const SHARE: Readonly<Record<Exclude<Effort, 'none'>, number>> = { minimal: 0.1, low: 0.2, medium: 0.5, high: 0.8, xhigh: 0.95, max: 0.95 }
const ORDER: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

export const LEAST_BUDGET = 1024
/** No vendor's default budget exceeds this; a share of a 128k limit would. */
const MOST_BUDGET = 32_000

/** Thinking budget in tokens for an effort, given the output limit in tokens. */
export function budgetOf(effort: Exclude<Effort, 'none'>, limit: number): number {
  return Math.max(LEAST_BUDGET, Math.min(MOST_BUDGET, Math.floor(Math.min(limit, MOST_BUDGET) * SHARE[effort])))
}

/** The lowest effort whose budget covers this many tokens, judged against a limit of 32,000. */
export function effortOf(budgetTokens: number): Effort {
  if (budgetTokens <= 0) return 'none'
  for (const effort of ['low', 'medium', 'high'] as const) if (budgetTokens <= budgetOf(effort, MOST_BUDGET)) return effort
  return 'xhigh'
}

/** The effort that a request asks for, for formats that know no thinking budget. */
export function effortAsked({ effort, mode, budgetTokens }: Reasoning, losses: Loss[]): Effort | undefined {
  if (effort !== undefined) return effort
  const said = mode === 'off' ? 'none' : budgetTokens === undefined ? undefined : effortOf(budgetTokens)
  if (budgetTokens !== undefined) lose(losses, 'thinking.budget_tokens', `given as effort ${said}`)
  return said
}

export function isEffort(value: unknown): value is Effort {
  return (ORDER as readonly unknown[]).includes(value)
}

/** The level of `known` (rising order) nearest to the one asked for, the lower of two equally near; null when none is known. */
export function nearestEffort(asked: Effort, known: readonly Effort[]): Effort | null {
  const want = ORDER.indexOf(asked)
  let best: Effort | null = null
  for (const effort of known) {
    if (best === null || Math.abs(ORDER.indexOf(effort) - want) < Math.abs(ORDER.indexOf(best) - want)) best = effort
  }
  return best
}

/** The same for a level as a client wrote it: one not known here is left to the model, if that has levels at all. */
export function nearestLevel(asked: string, known: readonly Effort[]): string | null {
  if (known.length === 0) return null
  return isEffort(asked) ? nearestEffort(asked, known) : asked
}
