import type { Loss, Reasoning, Request, Sampling } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { budgetOf, effortOf, LEAST_BUDGET, nearestEffort } from '../effort.js'
import { fitTurns } from '../fit-turns.js'
import { isRecord, type Json, present } from '../json.js'
import { lose, loseExtras } from '../losses.js'
import { placeCache } from './cache.js'
import { fitParts } from './fit-parts.js'
import { fitSchema } from './fit-schema.js'
import { writeMessages } from './messages.js'
import { writeToolChoice, writeTools } from './tools.js'

/** The other settings of a request from another format, besides model, limit and user, under this vendor's rules. */
export function writeForeign(request: Request, target: Target, limit: number, losses: Loss[]): Record<string, unknown> {
  const prompt = placeCache({ messages: fitTurns(request, fitParts, target, losses), tools: request.tools })
  const tools = writeTools({ ...request, tools: prompt.tools }, losses)
  const choice = writeToolChoice(request, tools.length > 0)
  const written = writeMessages(prompt.messages)
  const thinking = withoutConflict(writeThinking(request.reasoning, target, limit, losses), choice, written.messages, losses)
  const config = present({ effort: thinking.effort, format: writeFormat(request, losses) })
  loseExtras(request, losses)
  return {
    ...written,
    ...writeSampling(request.sampling, isThinking(thinking), losses),
    ...present({
      tools: tools.length > 0 ? tools : undefined,
      tool_choice: choice,
      thinking: thinking.thinking,
      output_config: Object.keys(config).length > 0 ? config : undefined,
    }),
  }
}

function isThinking({ thinking }: WrittenThinking): boolean {
  return thinking !== undefined && thinking.type !== 'disabled'
}

/**
 * The vendor refuses to think when a tool is forced, and with a budget when an open tool loop began without signed reasoning.
 * What the client asked for in the answer goes before how hard the model thinks.
 */
function withoutConflict(written: WrittenThinking, choice: Json | undefined, messages: readonly Json[], losses: Loss[]): WrittenThinking {
  if (!isThinking(written)) return written
  const forced = choice?.type === 'any' || choice?.type === 'tool'
  const unsigned = written.thinking?.type === 'enabled' && inUnsignedLoop(messages)
  if (!forced && !unsigned) return written
  const why = forced ? 'A forced tool call excludes thinking.' : 'The open tool loop began without reasoning of this model.'
  lose(losses, 'reasoning', why)
  return present({ effort: written.effort })
}

function inUnsignedLoop(messages: readonly Json[]): boolean {
  const types = (message: Json | undefined): unknown[] =>
    Array.isArray(message?.content) ? message.content.map((block) => (isRecord(block) ? block.type : undefined)) : []
  if (!types(messages.at(-1)).includes('tool_result')) return false
  const before = types(messages.at(-2))
  return before[0] !== 'thinking' && before[0] !== 'redacted_thinking'
}

function writeFormat(request: Request, losses: Loss[]): Json | undefined {
  const { output } = request
  if (output === undefined) return undefined
  if (output.type === 'json') return lose(losses, 'response_format', 'There is no JSON mode without a schema.', true)
  return { type: 'json_schema', schema: fitSchema(output.schema) }
}

function writeSampling(s: Sampling, thinking: boolean, losses: Loss[]): Json {
  for (const field of ['frequencyPenalty', 'presencePenalty', 'seed', 'logitBias'] as const) {
    if (s[field]) lose(losses, field, 'The vendor has no such parameter.')
  }
  if (s.logprobs || (s.topLogprobs ?? 0) > 0) lose(losses, 'logprobs', 'The vendor gives no log probabilities.', true)
  if ((s.n ?? 1) > 1) lose(losses, 'n', 'The vendor gives one answer a request.', true)
  const stop = s.stop?.filter((text) => /\S/.test(text))
  if (stop?.length !== s.stop?.length) lose(losses, 'stop', 'The vendor refuses stop sequences of white space.')
  let { temperature, topP, topK } = s
  if (temperature !== undefined && temperature > 1) {
    lose(losses, 'temperature', 'Clamped to 1, the most the vendor takes.')
    temperature = 1
  }
  if (thinking && temperature !== undefined && temperature !== 1) temperature = lose(losses, 'temperature', 'Thinking excludes it.')
  if (thinking && topK !== undefined) topK = lose(losses, 'top_k', 'Thinking excludes it.')
  // Newer models refuse the two together; temperature says more.
  if (topP !== undefined && temperature !== undefined) topP = lose(losses, 'top_p', 'The vendor takes it or temperature, not both.')
  if (thinking && topP !== undefined && topP < 0.95) topP = lose(losses, 'top_p', 'Thinking excludes values below 0.95.')
  return present({ temperature, top_p: topP, top_k: topK, stop_sequences: stop?.length ? stop : undefined })
}

interface WrittenThinking {
  readonly thinking?: Json
  readonly effort?: string
}

/** How a request of another format tells this target to think, within `limit` output tokens. */
function writeThinking(reasoning: Reasoning | undefined, target: Target, limit: number, losses: Loss[]): WrittenThinking {
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
