import type { Part } from '../../canonical/index.js'
import { isRecord, type Json, leftover, mayString, needRecord, needString, present } from '../json.js'
import { spelled } from '../spelling.js'
import { readFileData, readInlineData } from './read-media.js'
import { readResponse } from './read-response.js'

const KNOWN = {
  text: new Set(['text']),
  thought: new Set(['text', 'thought', 'thoughtSignature']),
  functionCall: new Set(['functionCall', 'thoughtSignature']),
  functionResponse: new Set(['functionResponse']),
  inlineData: new Set(['inlineData']),
  fileData: new Set(['fileData']),
} as const
const KNOWN_IN_CALL = new Set(['id', 'name', 'args'])

/** Gives every call and response an id; those that came without one are matched by name and order. */
export interface CallIds {
  call(name: string, id: string | undefined): string
  response(name: string, id: string | undefined): string
}

/** New ids count the calls of the conversation, so that they are the same on every turn. */
export function callIds(): CallIds {
  const open = new Map<string, string[]>()
  let made = 0
  return {
    call(name, given) {
      const id = given ?? `call_${++made}`
      const waiting = open.get(name)
      if (waiting === undefined) open.set(name, [id])
      else waiting.push(id)
      return id
    },
    response(name, given) {
      const waiting = open.get(name) ?? []
      const at = given === undefined ? 0 : waiting.indexOf(given)
      const [id] = at === -1 ? [] : waiting.splice(at, 1)
      return given ?? id ?? `call_${++made}`
    },
  }
}

/** One part of a request or an answer. Content without a neutral form stays complete, as an opaque part. */
export function readPart(part: Json, path: string, ids: CallIds): Part {
  if (typeof part.text === 'string') {
    if (part.thought !== true) return { type: 'text', text: part.text, ...present({ extra: leftover(part, KNOWN.text) }) }
    const signature = mayString(part.thoughtSignature, `${path}.thoughtSignature`)
    return { type: 'reasoning', text: part.text, ...present({ signature, extra: leftover(part, KNOWN.thought) }) }
  }
  if (part.text !== undefined && part.text !== null) needString(part.text, `${path}.text`)
  if (isRecord(part.functionCall)) return readCall(part, part.functionCall, `${path}.functionCall`, ids)
  if (isRecord(part.functionResponse)) {
    const extra = leftover(part, KNOWN.functionResponse)
    return readResponse(part.functionResponse, extra, `${path}.functionResponse`, ids, readPart)
  }
  if (isRecord(part.inlineData)) return readInlineData(part.inlineData, leftover(part, KNOWN.inlineData)) ?? opaque(part)
  if (isRecord(part.fileData)) return readFileData(part.fileData, leftover(part, KNOWN.fileData)) ?? opaque(part)
  return opaque(part)
}

function readCall(part: Json, call: Json, path: string, ids: CallIds): Part {
  const name = needString(call.name, `${path}.name`)
  const id = mayString(call.id, `${path}.id`)
  const args = call.args === undefined || call.args === null ? undefined : needRecord(call.args, `${path}.args`)
  const inner = leftover(call, KNOWN_IN_CALL)
  const marks: `~${string}`[] = []
  if (id === undefined) marks.push('~noid')
  if (args === undefined) marks.push('~noargs')
  const outer = leftover(part, KNOWN.functionCall)
  return {
    type: 'tool-call',
    id: ids.call(name, id),
    name,
    args: args === undefined ? '{}' : JSON.stringify(args),
    ...present({
      signature: mayString(part.thoughtSignature, 'thoughtSignature'),
      extra: spelled(inner === undefined ? outer : { ...outer, functionCall: inner }, ...marks),
    }),
  }
}

function opaque(part: Json): Part {
  const kind = Object.keys(part).find((key) => key !== 'thought' && key !== 'thoughtSignature') ?? 'part'
  return { type: 'opaque', format: 'gemini', kind, value: part }
}
