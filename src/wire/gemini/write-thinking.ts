import type { Effort, Loss, Reasoning } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { effortOf, nearestEffort } from '../effort.js'
import { type Json, present } from '../json.js'
import { lose } from '../losses.js'

/** Budgets that Google gives OpenAI's levels: https://ai.google.dev/gemini-api/docs/openai#thinking */
export const BUDGET: Readonly<Record<Exclude<Effort, 'none'>, number>> = {
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
}

/** The least of the models that always think: https://ai.google.dev/gemini-api/docs/thinking#set-budget */
export const LEAST_BUDGET = 128

/** `thinkingConfig` for a request of another format. */
export function writeThinking(reasoning: Reasoning | undefined, target: Target, losses: Loss[]): Json | undefined {
  if (reasoning === undefined) return undefined
  const { accepts } = target
  const budget = reasoning.budgetTokens
  const off = reasoning.mode === 'off' || reasoning.effort === 'none'
  const asked = off ? 'none' : (reasoning.effort ?? (budget === undefined ? undefined : effortOf(budget)))
  const includeThoughts = !off && reasoning.summary !== undefined ? true : undefined
  switch (accepts.thinking) {
    case 'none':
      if (!off) lose(losses, 'reasoning.effort', 'The target cannot be told how much to think.')
      return undefined
    case 'effort': {
      const level = asked === undefined ? undefined : nearestEffort(asked, accepts.efforts)
      if (budget !== undefined && !off) lose(losses, 'reasoning.budget', 'The target is told a level, not a budget.')
      if (level !== undefined && level !== asked)
        lose(losses, 'reasoning.effort', `The nearest level the model knows is ${level ?? 'none'}.`)
      const thinkingLevel = level === null || level === 'none' ? undefined : level?.toUpperCase()
      return some(present({ thinkingLevel, includeThoughts }))
    }
    case 'budget':
      if (off && accepts.efforts.length > 0 && !accepts.efforts.includes('none')) {
        lose(losses, 'reasoning.mode', 'The model always thinks.')
        return { thinkingBudget: LEAST_BUDGET }
      }
      return some(present({ thinkingBudget: off ? 0 : (budget ?? budgetAsked(asked, reasoning.mode)), includeThoughts }))
    case 'adaptive':
      if (budget !== undefined) lose(losses, 'reasoning.budget', 'The target decides its own thinking budget.')
      return some(
        present({ thinkingBudget: off ? 0 : asked === undefined && reasoning.mode === undefined ? undefined : -1, includeThoughts }),
      )
    default:
      return accepts.thinking satisfies never
  }
}

function budgetAsked(effort: Effort | undefined, mode: Reasoning['mode']): number | undefined {
  if (effort !== undefined && effort !== 'none') return BUDGET[effort]
  return mode === undefined ? undefined : -1
}

function some(config: Json): Json | undefined {
  return Object.keys(config).length > 0 ? config : undefined
}
