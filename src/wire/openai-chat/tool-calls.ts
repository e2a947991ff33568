import { createHash } from 'node:crypto'
import type { PartOf, Request } from '../../canonical/index.js'
import { fitCallId, unwrapText, wrapText } from '../calls.js'
import { type JsonPath, type Splice, setAt, type Target } from '../codec.js'
import { isSpelled, spelled, wireFields } from '../extra.js'
import { isRecord, type Json, leftover, needRecord, needString, present, recordEntries } from '../json.js'
import { keepsSignature } from '../target.js'

const KNOWN = new Set(['id', 'type', 'function', 'custom'])
const KNOWN_IN_FUNCTION = new Set(['name', 'arguments'])

/** Mistral's ids of tool calls; it refuses others (its chat template raises an exception). */
const NINE = /^[a-zA-Z0-9]{9}$/

/** OpenAI refuses longer ids of calls in chat (github.com/openclaw/openclaw/pull/875), as Kimi's are that hold a tool's long name. */
export const LONGEST_ID = 40

/** A call in an assistant's message, of a request or an answer. */
export function readToolCall(call: Json, path: string): PartOf<'tool-call'> {
  const id = needString(call.id, `${path}.id`)
  const extra = leftover(call, KNOWN)
  if (call.type === 'custom') {
    const custom = needRecord(call.custom, `${path}.custom`)
    // Free text has no neutral form; as an argument object it can go to any target.
    const args = wrapText(needString(custom.input, `${path}.custom.input`))
    return {
      type: 'tool-call',
      id,
      name: needString(custom.name, `${path}.custom.name`),
      args,
      ...present({ extra: spelled(extra, { '~custom': true }) }),
    }
  }
  const fn = needRecord(call.function, `${path}.function`)
  const inner = leftover(fn, KNOWN_IN_FUNCTION)
  return {
    type: 'tool-call',
    id,
    name: needString(fn.name, `${path}.function.name`),
    args: readArguments(fn.arguments, `${path}.function.arguments`),
    ...present({ signature: signatureOf(call), extra: inner === undefined ? extra : { ...extra, '~function': inner } }),
  }
}

/** JSON text as sent. Some servers and clients give the object itself. */
export function readArguments(value: unknown, path: string): string {
  if (value === undefined || value === null) return ''
  return isRecord(value) ? JSON.stringify(value) : needString(value, path)
}

/** An id for a call that a server gave none, unlike those of other answers and short enough for OpenAI, which takes 40 characters. */
export function makeCallId(answerId: string, choice: number, call: number): string {
  return `call_${answerId.slice(-20)}_${choice}_${call}`
}

/** Where Gemini's OpenAI-compatible endpoint puts thought signatures. */
export function signatureOf(call: Json): string | undefined {
  const google = isRecord(call.extra_content) ? call.extra_content.google : undefined
  return isRecord(google) && typeof google.thought_signature === 'string' ? google.thought_signature : undefined
}

/** A call in an assistant's message. `own`: its extras were read from this format. */
export function writeToolCall(part: PartOf<'tool-call'>, own: boolean, request: Request, target: Target): Json {
  const extra = own ? wireFields(part.extra) : undefined
  const id = own ? part.id : fitCallId(part.id, LONGEST_ID)
  if (isFreeText(part, own, request, target)) {
    return { id, type: 'custom', custom: { name: part.name, input: unwrapText(part.args) }, ...extra }
  }
  const inner = own ? (part.extra?.['~function'] as object | undefined) : undefined
  const kept = !own && part.signature !== undefined && keepsSignature(target, part.signature)
  return {
    id,
    type: 'function',
    function: { name: part.name, arguments: part.args === '' && !own ? '{}' : part.args, ...inner },
    ...(kept ? signed(part.signature) : undefined),
    ...extra,
  }
}

/** Where Gemini's compatible endpoint puts the signature of a call; a client that gives it back keeps the call valid. */
export function signed(signature: string): Json {
  return { extra_content: { google: { thought_signature: signature } } }
}

function isFreeText(part: PartOf<'tool-call'>, own: boolean, request: Request, target: Target): boolean {
  if (!target.accepts.needs.includes('grammar-tools')) return false
  if (own) return isSpelled(part.extra, '~custom')
  return request.tools.some((tool) => tool.type === 'grammar' && tool.name === part.name)
}

/** Ids of calls and of their results for a model that does not take them all: always the same one for the same id. */
export function callIdSplices(body: Json, { accepts }: Target): Splice[] {
  const nineOf = (id: string): string => (NINE.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9))
  if (accepts.refuses.includes('foreign_call_ids')) return idSplices(body, nineOf, 'this model takes ids of nine letters and digits')
  // The models that know this role are OpenAI's.
  return accepts.developerRole ? idSplices(body, (id) => fitCallId(id, LONGEST_ID), `this model takes ids of ${LONGEST_ID} characters`) : []
}

function idSplices(body: Json, rename: (id: string) => string, why: string): Splice[] {
  const splices: Splice[] = []
  const fitAt = (path: JsonPath, id: unknown): void => {
    const value = typeof id === 'string' ? rename(id) : id
    if (value !== id) splices.push(setAt(path, value, why))
  }
  for (const [i, message] of recordEntries(body.messages)) {
    if (message.role === 'tool') fitAt(['messages', i, 'tool_call_id'], message.tool_call_id)
    for (const [j, call] of recordEntries(message.tool_calls)) fitAt(['messages', i, 'tool_calls', j, 'id'], call.id)
  }
  return splices
}
