import type { Extra, OutputFormat, Reasoning, Request } from '../../canonical/index.js'
import { isEffort } from '../effort.js'
import { isRecord, type Json, leftover, mayBoolean, mayNumber, mayRecord, mayString, needRecord, needString, present } from '../json.js'
import { readOutputFormat } from '../openai-output.js'
import { readToolChoice } from '../openai-tool-choice.js'
import { CHAT_SAMPLING, readSampling } from '../sampling.js'
import { isForeignChoice, isLegacyBody, isResponsesBody, modernBody, readResponsesBody } from './other-shapes.js'
import { readMessages } from './read-message.js'
import { readTools } from './tools.js'

const KNOWN = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  ...CHAT_SAMPLING.map(([, field]) => field),
  'reasoning_effort',
  'max_tokens',
  'max_completion_tokens',
  'stream',
  'stream_options',
  'prompt_cache_key',
  'user',
  'service_tier',
])

/** The body of `/v1/chat/completions`. */
export function readRequest(value: unknown): Request {
  const body = needRecord(value, 'body')
  if (isResponsesBody(body)) return readResponsesBody(body)
  if (!isLegacyBody(body)) return readChatBody(body)
  const request = readChatBody(modernBody(body))
  return { ...request, extra: { ...request.extra, '~functions': true } }
}

function readChatBody(body: Json): Request {
  const output = readOutputFormat(body.response_format, 'response_format', true)
  return {
    format: 'openai-chat',
    model: needString(body.model, 'model'),
    messages: readMessages(body.messages),
    tools: readTools(body.tools),
    sampling: readSampling(body, CHAT_SAMPLING),
    stream: mayBoolean(body.stream, 'stream') ?? false,
    ...present({
      toolChoice: readToolChoice(body.tool_choice),
      parallelToolCalls: mayBoolean(body.parallel_tool_calls, 'parallel_tool_calls'),
      output,
      reasoning: readReasoning(body),
      maxOutputTokens: mayNumber(body.max_completion_tokens, 'max_completion_tokens') ?? mayNumber(body.max_tokens, 'max_tokens'),
      streamUsage: mayBoolean(mayRecord(body.stream_options, 'stream_options')?.include_usage, 'stream_options.include_usage'),
      cacheKey: mayString(body.prompt_cache_key, 'prompt_cache_key'),
      userId: mayString(body.user, 'user'),
      serviceTier: mayString(body.service_tier, 'service_tier'),
      extra: readExtra(body, output),
    }),
  }
}

/** `reasoning_effort`, or OpenRouter's `reasoning`, or the `thinking` switch of DeepSeek, GLM and Kimi. */
function readReasoning(body: Json): Reasoning | undefined {
  const router = isRecord(body.reasoning) ? body.reasoning : undefined
  const thinking = isRecord(body.thinking) ? body.thinking.type : undefined
  const asked = isEffort(body.reasoning_effort) ? body.reasoning_effort : router?.effort
  const effort = isEffort(asked) ? asked : undefined
  const budgetTokens = mayNumber(router?.max_tokens, 'reasoning.max_tokens')
  const mode = readMode(thinking, router?.enabled)
  if (effort === undefined && budgetTokens === undefined && mode === undefined) return undefined
  return present({ effort, budgetTokens, mode })
}

function readMode(thinking: unknown, enabled: unknown): 'off' | 'enabled' | undefined {
  if (thinking === 'disabled' || enabled === false) return 'off'
  return thinking === 'enabled' || enabled === true ? 'enabled' : undefined
}

/** Fields without a neutral name, and those whose neutral form says less than the client wrote. */
function readExtra(body: Json, output: OutputFormat | undefined): Extra | undefined {
  const extra: Record<string, unknown> = { ...leftover(body, KNOWN) }
  if (typeof body.stop === 'string') extra.stop = body.stop
  if (Array.isArray(body.tools) && body.tools.length === 0) extra.tools = []
  if (body.stream === false) extra.stream = false
  if (body.reasoning_effort != null && (!isEffort(body.reasoning_effort) || isRecord(body.reasoning))) {
    extra.reasoning_effort = body.reasoning_effort
  }
  if (isRecord(body.response_format) && saysMore(body.response_format, output)) extra.response_format = body.response_format
  if (isRecord(body.tool_choice) && !isPlainChoice(body.tool_choice) && !isForeignChoice(body.tool_choice))
    extra.tool_choice = body.tool_choice
  if (isRecord(body.stream_options) && Object.keys(body.stream_options).join() !== 'include_usage')
    extra.stream_options = body.stream_options
  return Object.keys(extra).length === 0 ? undefined : extra
}

function saysMore(format: Json, output: OutputFormat | undefined): boolean {
  if (output === undefined || Object.keys(format).length !== (output.type === 'json' ? 1 : 2)) return true
  if (output.type === 'json') return false
  for (const key in format.json_schema as Json) if (!['name', 'description', 'schema', 'strict'].includes(key)) return true
  return Object.values(format.json_schema as Json).includes(null)
}

function isPlainChoice(choice: Json): boolean {
  return (
    choice.type === 'function' && isRecord(choice.function) && Object.keys(choice).length === 2 && Object.keys(choice.function).length === 1
  )
}
