import type { Tool } from '../../canonical/index.js'
import { unwrapText } from '../calls.js'
import type { ReplyContext } from '../codec.js'
import { type Json, present } from '../json.js'
import { answerId } from '../replies.js'
import { namedOf } from './tools.js'

/** The items that an answer is made of, whole. Ids are the answer's own with the item's place, so they are stable. */
export function itemId(kind: 'rs' | 'msg' | 'fc' | 'ctc', context: ReplyContext, index: number): string {
  return `${kind}_${context.id}_${index}`
}

/** An id of `itemId`, around an id of a call. */
export const OWN_ID = /^[a-z]+_[0-9A-HJKMNP-TV-Z]{26}_\d+$/

export function reasoningItem(id: string, text: string, signature: string | undefined, redacted: boolean | undefined): Json {
  const summary = text === '' ? [] : [{ type: 'summary_text', text }]
  return { id, type: 'reasoning', summary, ...(signature === undefined ? {} : { encrypted_content: seal(signature, redacted) }) }
}

/** A call signed by its vendor (Gemini) is led by reasoning without words: clients give such items back, and the signature with them. */
export function callSignatureItem(context: ReplyContext, index: number, signature: string): Json {
  return reasoningItem(itemId('rs', context, index), '', signature, false)
}

export function messageItem(id: string, content: readonly Json[], status: 'completed' | 'in_progress' = 'completed'): Json {
  return { id, type: 'message', status, role: 'assistant', content }
}

export function textContent(text: string, logprobs: readonly unknown[] = []): Json {
  return { type: 'output_text', text, annotations: [], logprobs }
}

/** How the client's own tool of this name is called: a function, perhaps in a namespace, or a tool of free text. */
export interface CallShape {
  readonly freeText: boolean
  readonly named: Json
}

export function callShape(name: string, context: ReplyContext): CallShape {
  const tool: Tool | undefined = context.request?.tools.find((t) => t.name === name)
  const place = tool === undefined ? undefined : namedOf(tool)
  const named = place === undefined ? { name } : { namespace: place.namespace.name, name: place.name }
  return { freeText: tool?.type === 'grammar', named }
}

export function callItem(id: string, callId: string, args: string, shape: CallShape, status: 'completed' | 'in_progress'): Json {
  const base = { id, status, call_id: callId, ...shape.named }
  return shape.freeText
    ? { ...base, type: 'custom_tool_call', input: unwrapText(args) }
    : { ...base, type: 'function_call', arguments: args }
}

/**
 * The response around the items. It repeats what the client asked for, but not its tools, which an agent would get back
 * three times a stream at 40 KB each.
 */
export function responseOf(context: ReplyContext, fields: Json): Json {
  const request = context.request
  const r = request?.reasoning
  return {
    id: answerId('resp_', context.id),
    object: 'response',
    created_at: context.created,
    model: context.model,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: request?.maxOutputTokens ?? null,
    metadata: request?.extra?.metadata ?? {},
    parallel_tool_calls: request?.parallelToolCalls ?? true,
    previous_response_id: null,
    reasoning: { effort: r?.effort ?? null, summary: r?.summary ?? null },
    store: false,
    temperature: request?.sampling.temperature ?? null,
    text: { format: { type: 'text' } },
    tool_choice: typeof request?.toolChoice === 'string' ? request.toolChoice : 'auto',
    tools: [],
    top_p: request?.sampling.topP ?? null,
    truncation: 'disabled',
    ...present({ prompt_cache_key: request?.cacheKey, service_tier: request?.serviceTier }),
    ...fields,
  }
}

/**
 * `encrypted_content` holds the signature that a model put on its reasoning, whatever its vendor: a client that replays it
 * brings it back. Anthropic's redacted reasoning, which has no text, is told apart by a prefix.
 */
const REDACTED = 'llmroute-redacted:'

export function seal(signature: string, redacted: boolean | undefined): string {
  return redacted === true ? REDACTED + signature : signature
}

export function unseal(sealed: string): { signature: string; redacted?: true } {
  return sealed.startsWith(REDACTED) ? { signature: sealed.slice(REDACTED.length), redacted: true } : { signature: sealed }
}
