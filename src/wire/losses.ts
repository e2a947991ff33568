import type { Loss, Request, WireFormat } from '../canonical/index.js'
import { isRecord, recordOf } from './json.js'
import { GEMINI_SAMPLING } from './sampling.js'

/**
 * Fields that a reader keeps in `extra` for their spelling, though their meaning has a neutral name: with the names inside
 * them that are so read, or `all`. Anything else in `extra` does not reach another format.
 */
const SAID: Readonly<Record<WireFormat, Readonly<Record<string, 'all' | readonly string[]>>>> = {
  'openai-chat': {
    ...wholly('tools', 'stream', 'stop', 'tool_choice', 'response_format', 'stream_options', 'reasoning_effort'),
    reasoning: ['effort', 'max_tokens', 'enabled'],
    thinking: ['type'],
  },
  'openai-responses': {
    // The last three: how the provider keeps and returns what other formats never keep.
    ...wholly('tools', 'stream', 'tool_choice', 'store', 'include', 'stream_options'),
    text: ['format'],
    reasoning: ['effort', 'summary'],
  },
  'anthropic-messages': {
    ...wholly('tools', 'system', 'stream'),
    tool_choice: ['type', 'name', 'disable_parallel_tool_use'],
    thinking: ['type', 'budget_tokens', 'display'],
    output_config: ['effort', 'format'],
    metadata: ['user_id'],
  },
  gemini: {
    ...wholly('tools'),
    toolConfig: ['functionCallingConfig', 'includeServerSideToolInvocations'],
    generationConfig: [
      ...GEMINI_SAMPLING.map(([, field]) => field),
      'maxOutputTokens',
      'responseMimeType',
      'responseSchema',
      'responseJsonSchema',
      'thinkingConfig',
    ],
  },
}

function wholly(...fields: readonly string[]): Readonly<Record<string, 'all'>> {
  return Object.fromEntries(fields.map((field) => [field, 'all'] as const))
}

/** Without these the answer would be another one: the conversation is kept at the provider, or something else than words is asked for. */
const MATTERS: ReadonlySet<string> = new Set([
  'previous_response_id',
  'conversation',
  'prompt',
  'audio',
  'modalities',
  'web_search_options',
  'mcp_servers',
  'container',
  'cachedContent',
  'generationConfig.responseModalities',
])

/** Lists the fields of the request's own format that another format has no words for, and what concerns only a client and its own vendor. */
export function loseExtras(request: Request, losses: Loss[]): void {
  loseCitations(request, losses)
  // Gemini's answer that is one word of a list (`text/x.enum`).
  if (request.output === undefined && isRecord(recordOf(request.extra?.generationConfig).responseSchema))
    lose(losses, 'generationConfig.responseSchema', `only ${request.format} has a schema for what is not JSON`, true)
  const said = SAID[request.format]
  const why = `only ${request.format} has it`
  for (const field in request.extra) {
    const value = request.extra[field]
    if (field.startsWith('~') || value === null) continue
    const inner = Object.hasOwn(said, field) ? said[field] : undefined
    if (inner === undefined) lose(losses, field, why, MATTERS.has(field))
    else if (inner !== 'all' && isRecord(value)) {
      for (const key in value) {
        const name = `${field}.${key}`
        if (!inner.includes(key) && value[key] !== null) lose(losses, name, why, MATTERS.has(name))
      }
    }
  }
  if (request.userId !== undefined) lose(losses, 'user', 'ids of users are given to their own vendor only')
  if (request.serviceTier !== undefined) lose(losses, 'service_tier', 'tiers differ between vendors')
}

/** Sources of words said before, and the wish that a document be cited: each vendor's own. */
function loseCitations({ messages, format }: Request, losses: Loss[]): void {
  for (const [i, { parts }] of messages.entries()) {
    if (parts.some(({ extra }) => hasAny(extra?.citations) || hasAny(extra?.annotations)))
      lose(losses, `messages.${i}.citations`, `only ${format} has them`)
  }
}

function hasAny(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
}

/** Records a loss; undefined, to stand in place of what was lost. `matters` as in Loss. */
export function lose(losses: Loss[], field: string, why: string, matters = false): undefined {
  losses.push({ field, why, matters })
  return undefined
}
