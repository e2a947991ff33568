import type { Loss, Request } from '../../canonical/index.js'
import type { Target, Written } from '../codec.js'
import { effortAsked } from '../effort.js'
import { fitNames, OPENAI_NAMES } from '../fit-names.js'
import { present } from '../json.js'
import { lose, loseExtras } from '../losses.js'
import { ownFields, writeOutputFormat } from '../openai-output.js'
import { applySplices } from '../splices.js'
import { tellJson } from '../tell-schema.js'
import { relaySplices } from './relay.js'
import { writeToolChoice, writeTools } from './tools.js'
import { writeInput } from './write-input.js'

/** The vendor refuses a lower limit, which other vendors' clients set to probe an account (Claude Code asks for one token). */
const LEAST_OUTPUT = 16

/** The Responses body of a request in any format, fitted to the target as a relayed body would be. */
export function writeRequest(asked: Request, target: Target): Written {
  const losses: Loss[] = []
  const own = asked.format === 'openai-responses'
  const { request, names } = own ? { request: asked } : fitNames(tellJson(asked), OPENAI_NAMES, losses)
  const body: Record<string, unknown> = { model: target.name, ...writeInput(request, target, losses) }
  const tools = writeTools(request, target, losses)
  if (tools.length > 0) body.tools = tools
  if (request.toolChoice !== undefined && (own || tools.length > 0)) body.tool_choice = writeToolChoice(request.toolChoice, tools)
  if (request.parallelToolCalls !== undefined && (own || tools.length > 0)) body.parallel_tool_calls = request.parallelToolCalls
  if (request.output !== undefined)
    body.text = { format: writeOutputFormat(request.output, false, own ? {} : { name: 'answer', strict: false }) }
  writeSampling(request, own, body, losses)
  writeReasoning(request, own, body, losses)
  if (request.maxOutputTokens !== undefined)
    body.max_output_tokens = own ? request.maxOutputTokens : Math.max(LEAST_OUTPUT, request.maxOutputTokens)
  if (request.stream) body.stream = true
  if (own) Object.assign(body, ownFields(request))
  else {
    // Other formats keep nothing at the provider, so this one is told not to; reasoning then comes back sealed, to be replayed.
    body.store = false
    if (target.accepts.thinking !== 'none') body.include = ['reasoning.encrypted_content']
    loseExtras(request, losses)
  }
  return { body: applySplices(body, relaySplices(body, target), losses), losses, ...present({ names }) }
}

function writeSampling({ sampling: s }: Request, own: boolean, body: Record<string, unknown>, losses: Loss[]): void {
  if (s.temperature !== undefined) body.temperature = s.temperature
  if (s.topP !== undefined) body.top_p = s.topP
  if (s.topLogprobs !== undefined || s.logprobs === true) body.top_logprobs = s.topLogprobs ?? 0
  if (own) return
  const why = 'Responses has no such parameter'
  if (s.topK !== undefined) lose(losses, 'top_k', why)
  if (s.frequencyPenalty) lose(losses, 'frequency_penalty', why)
  if (s.presencePenalty) lose(losses, 'presence_penalty', why)
  if (s.seed !== undefined) lose(losses, 'seed', why)
  if (s.stop !== undefined && s.stop.length > 0) lose(losses, 'stop', why, true)
  if (s.logitBias !== undefined) lose(losses, 'logit_bias', why)
  if ((s.n ?? 1) > 1) lose(losses, 'n', why, true)
}

function writeReasoning(request: Request, own: boolean, body: Record<string, unknown>, losses: Loss[]): void {
  const r = request.reasoning
  if (r === undefined) return
  const reasoning: Record<string, unknown> = {}
  const effort = effortAsked(r, losses)
  if (effort !== undefined) reasoning.effort = effort
  if (r.summary !== undefined) reasoning.summary = own ? r.summary : 'auto'
  if (own || Object.keys(reasoning).length > 0) body.reasoning = reasoning
}
