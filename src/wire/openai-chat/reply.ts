import type { Choice, Part, PartOf, Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import { unwrapText } from '../calls.js'
import type { ReplyContext } from '../codec.js'
import { fromUpstream, isRecord, type Json, present, recordOf, recordsIn } from '../json.js'
import { answerId, replyHead } from '../replies.js'
import { readFinish, writeFinish } from './finish.js'
import { wantsLegacy } from './other-shapes.js'
import { readAssistant, readContent } from './read-message.js'
import { writeDetail } from './reasoning.js'
import { makeCallId, signed } from './tool-calls.js'
import { readUsage, writeUsage } from './usage.js'

/** An answer without choices, which some gateways give instead of an error, is none: clients read the first one unasked. */
export function isReply(body: unknown): body is Json {
  return isRecord(body) && recordsIn(body.choices).length > 0
}

/** A complete `chat.completion`. Throws E_UPSTREAM for anything else. */
export function readReply(body: unknown): Reply {
  if (!isReply(body)) throw new Fault('E_UPSTREAM', 'The provider answered with something that is not a chat completion.')
  return {
    choices: fromUpstream(() => recordsIn(body.choices).map((choice, i) => readChoice(choice, String(body.id ?? ''), i))),
    usage: readUsage(body),
    ...replyHead(body.id, body.model, body.created),
  }
}

function readChoice(choice: Json, answerId: string, index: number): Choice {
  const message = withCallIds(recordOf(choice.message), answerId, index)
  const parts = readAssistant(withReasoningOnce(message), readContent(message.content, 'message.content'), 'message')
  const raw = typeof choice.finish_reason === 'string' ? choice.finish_reason : undefined
  const logprobs = isRecord(choice.logprobs) && Array.isArray(choice.logprobs.content) ? (choice.logprobs.content as unknown[]) : undefined
  const hasCalls = parts.some((p) => p.type === 'tool-call')
  return { parts, finish: readFinish(raw ?? 'stop', hasCalls), ...present({ rawFinish: raw, logprobs }) }
}

/** vLLM says its reasoning under the old and the new name at once (github.com/vllm-project/vllm/pull/27752, until /pull/33402). */
function withReasoningOnce(message: Json): Json {
  if (message.reasoning === undefined || message.reasoning !== message.reasoning_content) return message
  const { reasoning: _, ...rest } = message
  return rest
}

/** Some servers leave out ids of calls, without which their results could not be told apart. */
function withCallIds(message: Json, answerId: string, choice: number): Json {
  if (!Array.isArray(message.tool_calls)) return message
  const calls = (message.tool_calls as unknown[]).map((call, i) =>
    isRecord(call) && !call.id ? { ...call, id: makeCallId(answerId, choice, i) } : call,
  )
  return { ...message, tool_calls: calls }
}

/** A complete answer as a `chat.completion`. */
export function writeReply(reply: Reply, context: ReplyContext): Json {
  const usage = writeUsage(reply.usage)
  return {
    id: answerId('chatcmpl-', context.id),
    object: 'chat.completion',
    created: context.created,
    model: context.model,
    choices: reply.choices.map((choice, index) => ({
      index,
      message: writeAnswer(choice.parts, context),
      logprobs: choice.logprobs === undefined ? null : { content: choice.logprobs, refusal: null },
      finish_reason: writeFinish(choice.finish, wantsLegacy(context.request)),
    })),
    ...(usage === undefined ? undefined : { usage }),
  }
}

function writeAnswer(parts: Choice['parts'], context: ReplyContext): Json {
  const message: Record<string, unknown> = { role: 'assistant', content: textOf(parts, 'text'), refusal: textOf(parts, 'refusal') }
  const reasoning = textOf(parts, 'reasoning')
  if (reasoning !== null && reasoning !== '') message.reasoning_content = reasoning
  const details: Json[] = []
  const calls: Json[] = []
  for (const part of parts) {
    if (part.type === 'reasoning' && part.signature !== undefined) details.push(writeDetail(part))
    if (part.type === 'tool-call') calls.push(writeCall(part, context))
  }
  if (details.length > 0) message.reasoning_details = details
  if (wantsLegacy(context.request)) Object.assign(message, legacyCall(parts))
  else if (calls.length > 0) message.tool_calls = calls
  return message
}

function legacyCall(parts: readonly Part[]): Json {
  const call = parts.find((part) => part.type === 'tool-call')
  return call === undefined ? {} : { function_call: { name: call.name, arguments: call.args === '' ? '{}' : call.args } }
}

/** The joined text of all parts of a kind; null when there is none. */
function textOf(parts: readonly Part[], type: 'text' | 'refusal' | 'reasoning'): string | null {
  let text: string | null = null
  for (const part of parts) if (part.type === type) text = text === null ? part.text : text + part.text
  return text
}

function writeCall(part: PartOf<'tool-call'>, context: ReplyContext): Json {
  if (isFreeTextTool(part.name, context)) return { id: part.id, type: 'custom', custom: { name: part.name, input: unwrapText(part.args) } }
  const call = { id: part.id, type: 'function', function: { name: part.name, arguments: part.args === '' ? '{}' : part.args } }
  return part.signature === undefined ? call : { ...call, ...signed(part.signature) }
}

export function isFreeTextTool(name: string, context: ReplyContext): boolean {
  return context.request?.tools.some((tool) => tool.type === 'grammar' && tool.name === name) ?? false
}
