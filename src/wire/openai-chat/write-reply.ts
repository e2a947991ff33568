import type { Choice, Part, PartOf, Reply } from '../../canonical/index.js'
import { unwrapText } from '../call-args.js'
import type { ReplyContext } from '../codec.js'
import type { Json } from '../json.js'
import { answerId } from '../reply-head.js'
import { writeFinish } from './finish.js'
import { wantsLegacy } from './legacy-functions.js'
import { writeUsage } from './usage.js'
import { writeDetail } from './write-reasoning.js'
import { signed } from './write-tool-call.js'

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
