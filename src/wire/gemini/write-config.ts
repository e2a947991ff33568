import type { Effort, Loss, Reasoning, Request, ToolChoice } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { effortOf, nearestEffort } from '../effort.js'
import { isRecord, type Json, present, recordOf } from '../json.js'
import { lose } from '../losses.js'
import { GEMINI_SAMPLING, writeSampling } from '../sampling.js'
import { mostOutput } from '../target.js'

/** The vendor takes five. */
const MOST_STOPS = 5

/** `generationConfig` as the client sent it, under the neutral values. A schema and thinking stay as they were spelled. */
export function writeOwnConfig(request: Request): Json | undefined {
  const kept = request.extra?.generationConfig
  const config = {
    ...recordOf(kept),
    ...writeSampling(request.sampling, GEMINI_SAMPLING),
    ...present({
      maxOutputTokens: request.maxOutputTokens,
      responseMimeType: request.output?.type === 'json' ? 'application/json' : undefined,
    }),
  }
  return Object.keys(config).length > 0 || isRecord(kept) ? config : undefined
}

export function writeForeignConfig(request: Request, target: Target, hasTools: boolean, losses: Loss[]): Json | undefined {
  const { sampling: s } = request
  if (s.logitBias !== undefined) lose(losses, 'logitBias', 'The vendor has no such parameter.')
  if ((s.stop?.length ?? 0) > MOST_STOPS) lose(losses, 'stop', `The vendor takes ${MOST_STOPS} stop sequences.`, true)
  const most = mostOutput(target)
  const asked = request.maxOutputTokens
  if (asked !== undefined && asked > most) {
    lose(losses, 'maxOutputTokens', `Clamped to ${most}, the most the model writes.`)
  }
  const config = {
    // A number of alternatives without the log probabilities themselves is a 400.
    ...writeSampling({ ...s, stop: s.stop?.slice(0, MOST_STOPS), topLogprobs: s.logprobs ? s.topLogprobs : undefined }, GEMINI_SAMPLING),
    ...writeOutput(request, hasTools, losses),
    ...present({
      maxOutputTokens: asked === undefined ? (target.clampOutput ?? undefined) : Math.min(asked, most),
      thinkingConfig: writeThinking(request.reasoning, target, losses),
    }),
  }
  return Object.keys(config).length > 0 ? config : undefined
}

/** "Forced function calling (ANY mode) with a response mime type: 'application/json' is unsupported" (github.com/vercel/ai/pull/16540). */
function writeOutput({ output, toolChoice }: Request, hasTools: boolean, losses: Loss[]): Json {
  if (output === undefined) return {}
  if (hasTools && isForced(toolChoice)) {
    lose(losses, 'response_format', 'The model is made to call a tool.')
    return {}
  }
  return { responseMimeType: 'application/json', ...(output.type === 'json-schema' ? { responseJsonSchema: output.schema } : {}) }
}

function isForced(choice: ToolChoice | undefined): boolean {
  return choice === 'required' || (typeof choice === 'object' && !('mode' in choice && choice.mode === 'auto'))
}

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
function writeThinking(reasoning: Reasoning | undefined, target: Target, losses: Loss[]): Json | undefined {
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
