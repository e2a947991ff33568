import type { Effort, Extra, Reasoning, Request } from '../../canonical/index.js'
import { isEffort } from '../effort.js'
import {
  badField,
  isRecord,
  type Json,
  leftover,
  mayBoolean,
  mayNumber,
  mayRecord,
  mayString,
  needRecord,
  needSome,
  needString,
  present,
} from '../json.js'
import { readOutputFormat } from '../openai-output.js'
import { readToolChoice } from '../openai-tool-choice.js'
import { namesItems } from './item-references.js'
import { readInput } from './read-input.js'
import { readAdditionalTools, readTools } from './tools.js'

const KNOWN = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'reasoning',
  'temperature',
  'top_p',
  'top_logprobs',
  'max_output_tokens',
  'stream',
  'prompt_cache_key',
  'user',
  'service_tier',
])

/** The body of `/v1/responses`. */
export function readRequest(value: unknown): Request {
  const body = needRecord(value, 'body')
  const text = mayRecord(body.text, 'text')
  const topLogprobs = mayNumber(body.top_logprobs, 'top_logprobs')
  return {
    format: 'openai-responses',
    model: needString(body.model, 'model'),
    messages: readInput(body.instructions, readsStored(body) ? (body.input ?? []) : someInput(body.input)),
    tools: [...readTools(body.tools), ...readAdditionalTools(body.input)],
    sampling: present({
      temperature: mayNumber(body.temperature, 'temperature'),
      topP: mayNumber(body.top_p, 'top_p'),
      topLogprobs,
      logprobs: topLogprobs === undefined ? undefined : true,
    }),
    stream: mayBoolean(body.stream, 'stream') ?? false,
    ...present({
      toolChoice: readToolChoice(body.tool_choice),
      parallelToolCalls: mayBoolean(body.parallel_tool_calls, 'parallel_tool_calls'),
      output: readOutputFormat(text?.format, 'text.format', false),
      reasoning: readReasoning(body),
      maxOutputTokens: mayNumber(body.max_output_tokens, 'max_output_tokens'),
      cacheKey: mayString(body.prompt_cache_key, 'prompt_cache_key'),
      userId: mayString(body.user, 'user'),
      serviceTier: mayString(body.service_tier, 'service_tier'),
      needs: readsStored(body) ? (['hosted-openai'] as const) : undefined,
      extra: readExtra(body),
    }),
  }
}

function someInput(input: unknown): unknown {
  if (typeof input === 'string') return input
  if (!Array.isArray(input)) throw badField('input', 'a string or an array', input)
  return needSome(input, 'input')
}

/** What the provider keeps may stand for `input`. */
function readsStored(body: Json): boolean {
  return body.previous_response_id != null || body.conversation != null || body.prompt != null || namesItems(body.input)
}

function readReasoning(body: Json): Reasoning | undefined {
  const raw = mayRecord(body.reasoning, 'reasoning')
  if (raw === undefined) return undefined
  const effort: Effort | undefined = isEffort(raw.effort) ? raw.effort : undefined
  return present({ effort, summary: mayString(raw.summary, 'reasoning.summary') })
}

/** Fields without a neutral name, and those whose neutral form says less than the client wrote. */
function readExtra(body: Json): Extra | undefined {
  const extra: Record<string, unknown> = { ...leftover(body, KNOWN) }
  if (body.stream === false) extra.stream = false
  if (Array.isArray(body.tools) && body.tools.length === 0) extra.tools = []
  if (isRecord(body.text) && saysMore(body.text)) extra.text = body.text
  if (isRecord(body.reasoning) && !isPlain(body.reasoning, ['effort', 'summary'])) extra.reasoning = body.reasoning
  if (isRecord(body.reasoning) && body.reasoning.effort !== undefined && !isEffort(body.reasoning.effort)) extra.reasoning = body.reasoning
  if (isRecord(body.tool_choice) && !(body.tool_choice.type === 'function' && isPlain(body.tool_choice, ['type', 'name']))) {
    extra.tool_choice = body.tool_choice
  }
  return Object.keys(extra).length === 0 ? undefined : extra
}

function saysMore(text: Json): boolean {
  const { format } = text
  if (!isRecord(format) || Object.keys(text).length !== 1) return true
  if (format.type === 'json_object') return Object.keys(format).length !== 1
  return format.type !== 'json_schema' || !isPlain(format, ['type', 'name', 'description', 'schema', 'strict'])
}

function isPlain(value: Json, fields: readonly string[]): boolean {
  for (const key in value) if (!fields.includes(key) || value[key] === null) return false
  return Object.keys(value).length > 0
}
