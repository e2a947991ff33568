import type { Loss, Message, Part, PartOf } from '../canonical/index.js'
import { unusedId } from './calls.js'
import { lose } from './losses.js'

/** A turn under construction; its parts may be replaced, the parts themselves never change. */
export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly parts: Part[]
}

/** A call of the last turn: the id that its result will name, and the one it is sent under. */
interface OpenCall {
  readonly asked: string
  readonly id: string
}

const NOT_ANSWERED = 'No result was recorded for this call.'

/**
 * The calls and results of turns that alternate, as Anthropic and Google want them: ids of letters, digits, `_` and `-`, each used once;
 * the turn after a call starts with the results of all its calls. A call without a result gets one that says so, since these vendors
 * refuse the request otherwise; a result without a call is kept as text.
 */
export function pairTools(turns: readonly Turn[], losses: Loss[]): Turn[] {
  const used = new Set<string>()
  const paired: Turn[] = []
  let open: OpenCall[] = []
  for (const turn of turns) {
    if (turn.role === 'assistant') {
      paired.push({ role: 'assistant', parts: turn.parts.map((part) => (part.type === 'tool-call' ? renamed(part, used, open) : part)) })
    } else {
      paired.push({ role: 'user', parts: answer(open, turn.parts, losses) })
      open = []
    }
  }
  if (open.length > 0) paired.push({ role: 'user', parts: answer(open, [], losses) })
  return paired
}

/** The id in letters, digits, `_` and `-`, and not among those `used`, which it joins. */
export function freshId(asked: string, used: Set<string>): string {
  return unusedId(asked.replace(/[^a-zA-Z0-9_-]/g, '_') || 'call', used)
}

/** The call under an id that vendors take; results will name it by the id it came with. */
function renamed(call: PartOf<'tool-call'>, used: Set<string>, open: OpenCall[]): PartOf<'tool-call'> {
  const id = freshId(call.id, used)
  open.push({ asked: call.id, id })
  return id === call.id ? call : { ...call, id }
}

/** The user's turn with the results of the open calls first, in the order of the calls. */
function answer(open: readonly OpenCall[], parts: readonly Part[], losses: Loss[]): Part[] {
  const results = new Map<string, PartOf<'tool-result'>>()
  const rest: Part[] = []
  for (const part of parts) {
    if (part.type !== 'tool-result') {
      rest.push(part)
      continue
    }
    const call = open.find(({ asked, id }) => asked === part.callId && !results.has(id))
    if (call === undefined) rest.push(...asText(part, losses))
    else results.set(call.id, { ...part, callId: call.id })
  }
  return [...open.map(({ asked, id }) => results.get(id) ?? notAnswered(asked, id, losses)), ...rest]
}

function notAnswered(asked: string, id: string, losses: Loss[]): PartOf<'tool-result'> {
  lose(losses, `tool-call ${asked}`, 'It had no result; one saying so was added.')
  return { type: 'tool-result', callId: id, parts: [{ type: 'text', text: NOT_ANSWERED }], isError: true }
}

/** The same for OpenAI's formats, where results are messages: Google's SDK forgets those to which the model said nothing. */
export function answerCalls(messages: readonly Message[], losses: Loss[]): readonly Message[] {
  const answered = new Map<number, readonly Part[]>()
  for (const [i, { parts }] of messages.entries()) {
    const calls = parts.filter((part) => part.type === 'tool-call')
    if (calls.length === 0) continue
    let end = i + 1
    while (messages[end]?.role === 'tool') end++
    const results = messages.slice(i + 1, end).flatMap((message) => message.parts)
    const open = calls.filter(({ id }) => !results.some((part) => part.type === 'tool-result' && part.callId === id))
    const missing = open.map(({ id }) => notAnswered(id, id, losses))
    if (missing.length > 0) answered.set(i, missing)
  }
  return messages.flatMap((message, i) => {
    const parts = answered.get(i)
    return parts === undefined ? [message] : [message, { role: 'tool', parts }]
  })
}

function asText(result: PartOf<'tool-result'>, losses: Loss[]): Part[] {
  lose(losses, `tool-result ${result.callId}`, 'It has no call before it; kept as text.')
  return [{ type: 'text', text: `Result of ${result.name ?? 'a tool'}:` }, ...result.parts]
}
