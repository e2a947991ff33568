import type { Loss, Message, Part, PartOf, Request, ToolResultPart } from '../../canonical/index.js'
import { fitCallId } from '../calls.js'
import type { Target } from '../codec.js'
import { isSpelled, wireFields } from '../extra.js'
import type { Json } from '../json.js'
import { lose } from '../losses.js'
import { answerCalls } from '../pair-tools.js'
import { joinTurns } from '../turns.js'
import { writePart } from './parts.js'
import { writeReasoning } from './reasoning.js'
import { LONGEST_ID, writeToolCall } from './tool-calls.js'

type Body = Record<string, unknown>

/**
 * Chat messages of the whole conversation. A message with tool results becomes one message a result; their images follow the run of results
 * as one message of the user, since nothing may stand between call and results.
 */
export function writeMessages(request: Request, target: Target, losses: Loss[]): Body[] {
  const out: Body[] = []
  const images: Json[] = []
  const showImages = (): void => {
    if (images.length > 0) out.push({ role: 'user', content: images.splice(0) })
  }
  const push = (body: Body): void => {
    if (body.role !== 'tool') showImages()
    out.push(body)
  }
  const own = request.format === 'openai-chat'
  for (const message of own ? request.messages : answerCalls(joinTurns(request), losses)) {
    if (message.parts.some(isResult)) {
      for (const body of writeResults(message, own, losses, images)) push(body)
      continue
    }
    const body = writeMessage(message, own, request, target, losses)
    if (own) push({ ...body, ...wireFields(message.extra) })
    else if (!fitForeign(body, message, target, out)) push(body)
  }
  showImages()
  return out
}

/**
 * True where a message of another format needs no message of its own: nothing of it was left to say, or it joins the instructions at the
 * start, since many chat templates take a single system message, in front.
 */
function fitForeign(body: Body, message: Message, { accepts }: Target, out: readonly Body[]): boolean {
  if (body.content === '' && message.parts.some((part) => part.type === 'opaque')) return true
  // An empty answer: Mistral and others refuse one in the history.
  if (body.role === 'assistant' && body.content === '' && body.refusal === undefined) return true
  if (body.role === 'developer' && !accepts.developerRole) body.role = 'system'
  const [first, second] = out
  if ((body.role !== 'system' && body.role !== 'developer') || first?.role !== body.role || second !== undefined) return false
  if (typeof first?.content !== 'string' || typeof body.content !== 'string') return false
  first.content = `${first.content}\n\n${body.content}`
  return true
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
function isOwnField(part: Part, own: boolean): part is PartOf<'refusal'> {
  return part.type === 'refusal' && !(own && isSpelled(part.extra, '~part'))
}

/** A string where chat clients write one: servers that speak chat do not all read arrays for every role. Undefined when there is nothing. */
function writeContent(message: Pick<Message, 'role' | 'parts' | 'extra'>, own: boolean, losses: Loss[]): unknown {
  const written: Json[] = []
  for (const part of message.parts) {
    if (isOwnField(part, own)) continue
    const json = writePart(part, own, losses)
    if (json !== undefined) written.push(json)
  }
  if (own && isSpelled(message.extra, '~parts')) return written
  if (written.length === 0) return undefined
  if (written.some((part) => part.type !== 'text')) return written
  return written.map((part) => part.text).join(message.role === 'assistant' ? '' : '\n\n')
}

function isResult(part: Part): part is PartOf<'tool-result'> {
  return part.type === 'tool-result'
}

/** The messages of a message's results; another format's images go to `images`. */
function* writeResults(message: Message, own: boolean, losses: Loss[], images: Json[]): Iterable<Body> {
  const extra = own ? message.extra : undefined
  for (const part of message.parts.filter(isResult)) {
    if (part.isError === true && !own) lose(losses, 'tool_result.is_error', 'chat results have no error flag')
    const id = own ? part.callId : fitCallId(part.callId, LONGEST_ID)
    const words = part.parts.filter((p) => p.type === 'text' || own)
    const content = writeContent({ role: 'tool', parts: words, ...(extra === undefined ? {} : { extra }) }, own, losses)
    const body: Body = { role: 'tool', tool_call_id: id, content: content ?? '' }
    if (own && part.name !== undefined) body.name = part.name
    const others = own ? [] : writeOthers(part, losses)
    if (others.length > 0) images.push({ type: 'text', text: `Content of tool result ${id}:` }, ...others)
    yield own ? { ...body, ...wireFields(extra) } : body
  }
  const rest = message.parts.filter((p) => !isResult(p))
  if (rest.length > 0) yield { role: 'user', content: writeContent({ role: 'user', parts: rest }, own, losses) ?? '' }
}

function writeOthers(result: ToolResultPart, losses: Loss[]): Json[] {
  const others: Json[] = []
  for (const part of result.parts) {
    const json = part.type === 'text' ? undefined : writePart(part, false, losses)
    if (json === undefined) continue
    others.push(json)
    lose(losses, `tool_result.${part.type}`, 'moved to a user message: chat results hold text only')
  }
  return others
}
