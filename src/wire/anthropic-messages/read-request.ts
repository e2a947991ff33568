import type { Extra, Reasoning, Request } from '../../canonical/index.js'
import type { ReadContext } from '../codec.js'
import { isEffort } from '../effort.js'
import { isRecord, type Json, leftover, mayBoolean, mayNumber, mayRecord, mayString, needRecord, needString, present } from '../json.js'
import { MESSAGES_SAMPLING, readSampling } from '../sampling.js'
import { readMessages, readSystem } from './messages.js'
import { readToolChoice, readTools } from './tools.js'

const KNOWN = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'max_tokens',
  ...MESSAGES_SAMPLING.map(([, field]) => field),
  'stream',
  'thinking',
  'output_config',
  'metadata',
  'service_tier',
])

/** The body of `/v1/messages`, and of `count_tokens`, which has the same fields without a limit. */
export function readRequest(value: unknown, context: ReadContext): Request {
  const body = needRecord(value, 'body')
  const config = mayRecord(body.output_config, 'output_config')
  const format = mayRecord(config?.format, 'output_config.format')
  return {
    format: 'anthropic-messages',
    model: needString(body.model, 'model'),
    messages: [...readSystem(body.system), ...readMessages(body.messages)],
    tools: readTools(body.tools),
    ...readToolChoice(body.tool_choice),
    sampling: readSampling(body, MESSAGES_SAMPLING),
    stream: mayBoolean(body.stream, 'stream') ?? false,
    ...present({
      output: format?.type === 'json_schema' ? ({ type: 'json-schema', schema: format.schema } as const) : undefined,
      reasoning: readReasoning(body, config),
      maxOutputTokens: mayNumber(body.max_tokens, 'max_tokens'),
      cacheKey: context.headers['x-claude-code-session-id'],
      userId: mayString(mayRecord(body.metadata, 'metadata')?.user_id, 'metadata.user_id'),
      serviceTier: mayString(body.service_tier, 'service_tier'),
      needs: body.container == null ? undefined : (['hosted-anthropic'] as const),
      extra: readExtra(body),
    }),
  }
}

function readReasoning(body: Json, config: Json | undefined): Reasoning | undefined {
  const thinking = mayRecord(body.thinking, 'thinking')
  const effort = mayString(config?.effort, 'output_config.effort')
  if (thinking === undefined && !isEffort(effort)) return undefined
  const display = mayString(thinking?.display, 'thinking.display')
  const type = thinking && needString(thinking.type, 'thinking.type')
  return present({
    mode: type === 'disabled' || type === 'between_tools' ? 'off' : type === 'enabled' || type === 'adaptive' ? type : undefined,
    effort: isEffort(effort) ? effort : undefined,
    budgetTokens: mayNumber(thinking?.budget_tokens, 'thinking.budget_tokens'),
    summary: display === 'summarized' ? 'auto' : undefined,
  } as const)
}

/** Unknown fields, and the objects that have a neutral side and more: the writer lays the neutral values over them. */
function readExtra(body: Json): Extra | undefined {
  const extra: Record<string, unknown> = { ...leftover(body, KNOWN) }
  for (const field of ['tools', 'system']) if (Array.isArray(body[field]) && body[field].length === 0) extra[field] = []
  if (body.stream === false) extra.stream = false
  for (const field of ['thinking', 'output_config', 'metadata', 'tool_choice']) if (isRecord(body[field])) extra[field] = body[field]
  return Object.keys(extra).length === 0 ? undefined : extra
}
