import type { Loss, Request, Sampling } from '../../canonical/index.js'
import type { Target, Written } from '../codec.js'
import { effortAsked } from '../effort.js'
import { fitNames, OPENAI_NAMES } from '../fit-names.js'
import { isRecord, present } from '../json.js'
import { lose, loseExtras } from '../losses.js'
import { ownFields, writeOutputFormat } from '../openai-output.js'
import { CHAT_SAMPLING, writeSampling } from '../sampling.js'
import { applySplices } from '../splices.js'
import { tellJson } from '../tell-schema.js'
import { relaySplices } from './relay.js'
import { writeToolChoice, writeTools } from './tools.js'
import { writeMessages } from './write-message.js'

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
  if (request.toolChoice !== undefined && (own || tools.length > 0)) body.tool_choice = writeToolChoice(request.toolChoice, tools)
  const choice = body.tool_choice
  if (request.parallelToolCalls !== undefined && (own || tools.length > 0)) body.parallel_tool_calls = request.parallelToolCalls
  if (request.output !== undefined) body.response_format = writeOutputFormat(request.output, true, { name: 'answer' })
  Object.assign(body, writeSampling(own ? request.sampling : fitSampling(request.sampling, losses), CHAT_SAMPLING))
  writeReasoningControls(request, own, body, losses)
  if (request.maxOutputTokens !== undefined) body[target.accepts.maxTokensField] = request.maxOutputTokens
  if (request.stream) body.stream = true
  if (request.streamUsage !== undefined && (own || request.stream)) body.stream_options = { include_usage: request.streamUsage }
  if (own) Object.assign(body, ownFields(request))
  else loseExtras(request, losses)
  // The client's own words name a tool of free text by its type, and it is written as a function here.
  if (choice !== undefined && !target.accepts.needs.includes('grammar-tools')) body.tool_choice = choice
  return { body: applySplices(body, relaySplices(body, target), losses), losses, ...present({ names }) }
}

function fitSampling({ topK, stop = [], ...rest }: Sampling, losses: Loss[]): Sampling {
  // Some servers take it, others answer 400, and agents send it without asking for much (Gemini CLI).
  if (topK !== undefined) lose(losses, 'top_k', 'chat has no such parameter')
  if (stop.length > MOST_STOPS) lose(losses, 'stop', `chat takes ${MOST_STOPS} stop sequences`, true)
  return stop.length === 0 ? rest : { ...rest, stop: stop.slice(0, MOST_STOPS) }
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
  const effort = effortAsked(r, losses)
  if (effort !== undefined) body.reasoning_effort = effort
}
