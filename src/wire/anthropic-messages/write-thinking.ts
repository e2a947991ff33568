import type { Loss, Reasoning } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { budgetOf, effortOf, LEAST_BUDGET, nearestEffort } from '../effort.js'
import { type Json, present } from '../json.js'
import { lose } from '../losses.js'

export interface WrittenThinking {
  readonly thinking?: Json
  readonly effort?: string
}

/** How a request of another format tells this target to think, within `limit` output tokens. */
export function writeThinking(reasoning: Reasoning | undefined, target: Target, limit: number, losses: Loss[]): WrittenThinking {
  if (reasoning === undefined) return {}
  const { accepts } = target
  const { budgetTokens } = reasoning
  const asked = reasoning.effort ?? (budgetTokens === undefined ? undefined : effortOf(budgetTokens))
  if (reasoning.mode === 'off' || asked === 'none') {
    return accepts.thinking === 'budget' || accepts.thinking === 'adaptive' ? { thinking: { type: 'disabled' } } : {}
  }
  if (asked === undefined && reasoning.mode === undefined) return {}
  const effort = asked === undefined ? null : nearestEffort(asked, accepts.efforts)
  const level = present({ effort: effort ?? undefined })
  const display = reasoning.summary === undefined ? {} : { display: 'summarized' }
  switch (accepts.thinking) {
    case 'adaptive':
      if (budgetTokens !== undefined) lose(losses, 'reasoning.budget', 'The target decides its own thinking budget.')
      return { thinking: { type: 'adaptive', ...display }, ...level }
    case 'effort':
      if (effort === null) lose(losses, 'reasoning.effort', 'The target knows no effort levels.')
      return level
    case 'budget': {
      if (limit <= LEAST_BUDGET) {
        lose(losses, 'reasoning.budget', `Thinking needs more than ${LEAST_BUDGET} output tokens.`)
        return level
      }
      const budget = budgetTokens !== undefined && budgetTokens > 0 ? budgetTokens : budgetOf(asked ?? 'medium', limit)
      return { thinking: { type: 'enabled', budget_tokens: Math.max(LEAST_BUDGET, Math.min(budget, limit - 1)) }, ...level }
    }
    case 'none':
      lose(losses, 'reasoning.effort', 'The target cannot be told how much to think.')
      return {}
  }
}
