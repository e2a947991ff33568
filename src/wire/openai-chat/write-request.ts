import type { Effort, Loss, OutputFormat, Request } from '../../canonical/index.js'
import { applySplices, splicesAsLosses } from '../apply-splices.js'
import type { Target, Written } from '../codec.js'
import { effortOf } from '../effort.js'
import { fitNames, OPENAI_NAMES } from '../fit-names.js'
import { isRecord, present } from '../json.js'
import { loseAccount, loseExtras } from '../lose-extras.js'
import { wireFields } from '../spelling.js'
import { tellJson } from '../tell-schema.js'
import { findSplices } from './relay.js'
import { writeMessages } from './write-message.js'
import { writeToolChoice, writeTools } from './write-tools.js'

/** OpenAI takes four. */
const MOST_STOPS = 4

/** The chat body of a request in any format, fitted to the target as a relayed body would be. */
export function writeRequest(asked: Request, target: Target): Written {
  const losses: Loss[] = []
  const own = asked.format === 'openai-chat'
  const { request, names } = own ? { request: asked } : fitNames(tellJson(asked), OPENAI_NAMES, losses)
  const body: Record<string, unknown> = { model: target.name, messages: writeMessages(request, target, losses) }
  const tools = writeTools(request, target, losses)
  if (tools.length > 0) body.tools = tools
  if (request.toolChoice !== undefined && (own || tools.length > 0)) body.tool_choice = writeToolChoice(request.toolChoice)
  if (request.parallelToolCalls !== undefined && (own || tools.length > 0)) body.parallel_tool_calls = request.parallelToolCalls
  if (request.output !== undefined) body.response_format = writeOutput(request.output)
  writeSampling(request, own, body, losses)
  writeReasoningControls(request, own, body, losses)
  if (request.maxOutputTokens !== undefined) writeLimit(request, own, target, body)
  if (request.stream) body.stream = true
  if (request.streamUsage !== undefined && (own || request.stream)) body.stream_options = { include_usage: request.streamUsage }
  if (request.cacheKey !== undefined && own) body.prompt_cache_key = request.cacheKey
  if (request.userId !== undefined && own) body.user = request.userId
  if (request.serviceTier !== undefined && own) body.service_tier = request.serviceTier
  if (own) Object.assign(body, wireFields(request.extra))
  else {
    loseExtras(request, losses)
    loseAccount(request, losses)
  }
  const splices = findSplices(body, target)
  applySplices(body, splices)
  losses.push(...splicesAsLosses(splices))
  return { body, losses, ...present({ names }) }
}

function writeSampling({ sampling: s }: Request, own: boolean, body: Record<string, unknown>, losses: Loss[]): void {
  if (s.temperature !== undefined) body.temperature = s.temperature
  if (s.topP !== undefined) body.top_p = s.topP
  // Some servers take it, others answer 400, and agents send it without asking for much (Gemini CLI).
  if (s.topK !== undefined && own) body.top_k = s.topK
  else if (s.topK !== undefined) losses.push({ field: 'top_k', why: 'chat has no such parameter', matters: false })
  if (s.frequencyPenalty !== undefined) body.frequency_penalty = s.frequencyPenalty
  if (s.presencePenalty !== undefined) body.presence_penalty = s.presencePenalty
  if (s.seed !== undefined) body.seed = s.seed
  if (s.stop !== undefined && (own || s.stop.length > 0)) body.stop = own ? s.stop : s.stop.slice(0, MOST_STOPS)
  if (!own && (s.stop?.length ?? 0) > MOST_STOPS)
    losses.push({ field: 'stop', why: `chat takes ${MOST_STOPS} stop sequences`, matters: true })
  if (s.logprobs !== undefined) body.logprobs = s.logprobs
  if (s.topLogprobs !== undefined) body.top_logprobs = s.topLogprobs
  if (s.logitBias !== undefined) body.logit_bias = s.logitBias
  if (s.n !== undefined) body.n = s.n
}

/** A thinking budget becomes the nearest effort; `off` becomes `none`. In the client's own format its fields come back as extras. */
function writeReasoningControls(request: Request, own: boolean, body: Record<string, unknown>, losses: Loss[]): void {
  const r = request.reasoning
  if (r === undefined) return
  const router = own && isRecord(request.extra?.reasoning)
  if (router || (own && isRecord(request.extra?.thinking))) {
    if (r.effort !== undefined && !router) body.reasoning_effort = r.effort
    return
  }
  const effort: Effort | undefined =
    r.effort ?? (r.mode === 'off' ? 'none' : r.budgetTokens === undefined ? undefined : effortOf(r.budgetTokens))
  if (effort !== undefined) body.reasoning_effort = effort
  if (r.effort === undefined && r.budgetTokens !== undefined)
    losses.push({ field: 'thinking.budget_tokens', why: `given as effort ${effort}`, matters: false })
}

function writeLimit(request: Request, own: boolean, target: Target, body: Record<string, unknown>): void {
  const both = own ? request.extra?.['~limits'] : undefined
  if (both === undefined) {
    body[target.accepts.maxTokensField] = request.maxOutputTokens
    return
  }
  body.max_completion_tokens = request.maxOutputTokens
  body.max_tokens = both
}

function writeOutput(output: OutputFormat): unknown {
  if (output.type === 'json') return { type: 'json_object' }
  const spec: Record<string, unknown> = { name: output.name ?? 'answer' }
  if (output.description !== undefined) spec.description = output.description
  if (output.schema !== undefined) spec.schema = output.schema
  if (output.strict !== undefined) spec.strict = output.strict
  return { type: 'json_schema', json_schema: spec }
}
