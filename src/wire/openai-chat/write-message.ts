import type { Loss, Message, Part, Request, ToolResultPart } from '../../canonical/index.js'
import { fitCallId } from '../call-ids.js'
import type { Target } from '../codec.js'
import { isSpelled, wireFields } from '../extra.js'
import { joinTurns } from '../join-turns.js'
import type { Json } from '../json.js'
import { answerCalls } from '../pair-tools.js'
import { LONGEST_ID } from './relay-ids.js'
import { writePart } from './write-part.js'
import { writeReasoning } from './write-reasoning.js'
import { writeToolCall } from './write-tool-call.js'

type Body = Record<string, unknown>

/** Chat messages of the whole conversation. A message with tool results becomes one message a result. */
export function writeMessages(request: Request, target: Target, losses: Loss[]): Body[] {
  const out: Body[] = []
  const own = request.format === 'openai-chat'
  for (const message of own ? request.messages : answerCalls(joinTurns(request), losses)) {
    if (message.parts.some(isResult)) writeResults(message, own, losses, out)
    else if (own) out.push({ ...writeMessage(message, own, request, target, losses), ...wireFields(message.extra) })
    else addForeign(writeMessage(message, own, request, target, losses), message, target, out)
  }
  return own ? out : imagesAfterResults(out)
}

/**
 * A message of another format, if anything of it was left to say. Instructions that stand together at the start become one
 * message: many chat templates take a single system message, in front.
 */
function addForeign(body: Body, message: Message, target: Target, out: Body[]): void {
  if (body.content === '' && message.parts.some((part) => part.type === 'opaque')) return
  // An empty answer: Mistral and others refuse one in the history.
  if (body.role === 'assistant' && body.content === '' && body.refusal === undefined) return
  if (body.role === 'developer' && !target.accepts.developerRole) body.role = 'system'
  const first = out[0]
  const instructs = body.role === 'system' || body.role === 'developer'
  if (
    instructs &&
    out.length === 1 &&
    first?.role === body.role &&
    typeof first?.content === 'string' &&
    typeof body.content === 'string'
  ) {
    first.content = `${first.content}\n\n${body.content}`
  } else out.push(body)
}

function writeMessage(message: Message, own: boolean, request: Request, target: Target, losses: Loss[]): Body {
  const body: Body = { role: message.role }
  const assistant = message.role === 'assistant'
  const calls = message.parts.filter((p) => p.type === 'tool-call')
  const content = writeContent(message, own, losses)
  if (own ? content !== undefined : content) body.content = content
  else if (!own) body.content = assistant && calls.length > 0 ? null : ''
  if (message.name !== undefined) body.name = message.name
  if (assistant) {
    writeReasoning(message.parts, body, own, target, losses)
    for (const part of message.parts) if (isOwnField(part, own)) body.refusal = part.text
    if (calls.length > 0) body.tool_calls = calls.map((call) => writeToolCall(call, own, request, target))
  }
  return body
}

/** A refusal is a field of the message, unless the client wrote it as a part of the content. */
function isOwnField(part: Part, own: boolean): part is Extract<Part, { type: 'refusal' }> {
  return part.type === 'refusal' && !(own && isSpelled(part.extra, '~part'))
}

/** A string where chat clients write one: servers that speak chat do not all read arrays for every role. Undefined when there is nothing. */
function writeContent(
  message: { readonly role: string; readonly parts: readonly Part[]; readonly extra?: Message['extra'] },
  own: boolean,
  losses: Loss[],
): unknown {
  const asParts = own && isSpelled(message.extra, '~parts')
  const written: Json[] = []
  for (const part of message.parts) {
    if (isOwnField(part, own)) continue
    const json = writePart(part, own, losses)
    if (json !== null) written.push(json)
  }
  if (asParts) return written
  if (written.length === 0) return undefined
  if (written.some((part) => part.type !== 'text')) return written
  return written.map((part) => part.text).join(message.role === 'assistant' ? '' : '\n\n')
}

function isResult(part: Part): part is Part & ToolResultPart {
  return part.type === 'tool-result'
}

const PICTURES = Symbol('pictures of a tool result')
type ResultBody = Body & { [PICTURES]?: readonly Json[] }

function writeResults(message: Message, own: boolean, losses: Loss[], out: ResultBody[]): void {
  const extra = own ? message.extra : undefined
  for (const part of message.parts.filter(isResult)) {
    if (part.isError === true && !own)
      losses.push({ field: 'tool_result.is_error', why: 'chat results have no error flag', matters: false })
    const body: ResultBody = { role: 'tool', tool_call_id: own ? part.callId : fitCallId(part.callId, LONGEST_ID) }
    const words = part.parts.filter((p) => p.type === 'text' || own)
    const content = writeContent({ role: 'tool', parts: words, ...(extra === undefined ? {} : { extra }) }, own, losses)
    body.content = content ?? ''
    if (own && part.name !== undefined) body.name = part.name
    if (!own && words.length < part.parts.length) body[PICTURES] = writeOthers(part, losses)
    out.push(own ? { ...body, ...wireFields(extra) } : body)
  }
  const rest = message.parts.filter((p) => !isResult(p))
  if (rest.length > 0) out.push({ role: 'user', content: writeContent({ role: 'user', parts: rest }, own, losses) ?? '' })
}

function writeOthers(result: ToolResultPart, losses: Loss[]): Json[] {
  const pictures: Json[] = []
  for (const part of result.parts) {
    if (part.type === 'text') continue
    const json = writePart(part, false, losses)
    if (json === null) continue
    pictures.push(json)
    losses.push({ field: `tool_result.${part.type}`, why: 'moved to a user message: chat results hold text only', matters: false })
  }
  return pictures
}

/** Images of tool results follow the run of results as one user message, since nothing may stand between call and results. */
function imagesAfterResults(messages: readonly ResultBody[]): Body[] {
  if (!messages.some((m) => m[PICTURES] !== undefined)) return messages as Body[]
  const out: Body[] = []
  let waiting: Json[] = []
  const flush = () => {
    if (waiting.length > 0) out.push({ role: 'user', content: waiting })
    waiting = []
  }
  for (const message of messages) {
    if (message.role !== 'tool') flush()
    out.push(message)
    const pictures = message[PICTURES]
    if (pictures !== undefined && pictures.length > 0) {
      waiting.push({ type: 'text', text: `Content of tool result ${String(message.tool_call_id)}:` }, ...pictures)
    }
    delete message[PICTURES]
  }
  flush()
  return out
}
