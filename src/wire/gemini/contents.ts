import type { Message, Part } from '../../canonical/index.js'
import { isSpelled, spelled, wireFields } from '../extra.js'
import { badField, isRecord, type Json, leftover, needRecord, needSome, present, readEach } from '../json.js'
import { splitResults } from '../turns.js'
import { type CallIds, callIds } from './call-ids.js'
import { readPart, writeParts } from './parts.js'

const KNOWN = new Set(['role', 'parts'])
const KNOWN_IN_SYSTEM = new Set(['parts'])

export function readSystem(value: unknown): Message[] {
  if (value === undefined || value === null) return []
  const content = needRecord(value, 'systemInstruction')
  const extra = spelled(leftover(content, KNOWN_IN_SYSTEM), partsMarks(content))
  return [{ role: 'system', parts: readParts(content, 'systemInstruction', callIds()), ...present({ extra }) }]
}

export function readContents(value: unknown): Message[] {
  const ids = callIds()
  // A single content stands for a list of one, as everywhere in this API.
  const contents = isRecord(value) ? [value] : needSome(value, 'contents')
  return readEach(contents, 'contents', (content, path) => readContent(content, path, ids)).flat()
}

function readContent(content: Json, path: string, ids: CallIds): Message[] {
  const { role } = content
  const parts = readParts(content, path, ids)
  const marks = { ...partsMarks(content), '~norole': role === undefined, '~function': role === 'function' }
  const rest = present({ extra: spelled(leftover(content, KNOWN), marks) })
  if (role === 'model') return [{ role: 'assistant', parts, ...rest }]
  if (role === undefined || role === 'user' || role === 'function') return splitResults({ role: 'user', parts, ...rest })
  throw badField(`${path}.role`, '"user" or "model"', role)
}

function partsMarks({ parts }: Json): Record<'~onepart' | '~noparts', boolean> {
  return { '~onepart': isRecord(parts), '~noparts': !Array.isArray(parts) && !isRecord(parts) }
}

function readParts(content: Json, path: string, ids: CallIds): Part[] {
  const { parts } = content
  if (parts === undefined || parts === null) return []
  const list: readonly unknown[] = Array.isArray(parts) ? parts : [parts]
  return readEach(list, `${path}.parts`, (part, at) => readPart(part, at, ids))
}

/** The leading system messages as `systemInstruction`, and the rest as `contents`. */
export function writeContents(messages: readonly Message[]): { readonly systemInstruction?: Json; readonly contents: readonly Json[] } {
  let first = 0
  while (messages[first]?.role === 'system' || messages[first]?.role === 'developer') first++
  const leading = messages.slice(0, first)
  const contents: { role?: string; parts?: unknown }[] = []
  for (const message of messages.slice(first)) {
    const last = contents.at(-1)
    const parts = writeParts(message.parts)
    if (isSpelled(message.extra, '~joined') && Array.isArray(last?.parts)) last.parts.push(...parts)
    else contents.push({ ...wireFields(message.extra), ...roleOf(message), ...partsOf(message, parts) })
  }
  if (leading.length === 0) return { contents }
  const parts = leading.flatMap((message) => writeParts(message.parts))
  const spelled = leading.length === 1 ? partsOf(leading[0]!, parts) : { parts }
  return { systemInstruction: { ...wireFields(leading[0]?.extra), ...spelled }, contents }
}

function roleOf(message: Message): { readonly role?: string } {
  if (message.role === 'assistant') return { role: 'model' }
  if (isSpelled(message.extra, '~norole')) return {}
  return { role: isSpelled(message.extra, '~function') ? 'function' : 'user' }
}

function partsOf(message: Message, parts: Json[]): { readonly parts?: unknown } {
  if (isSpelled(message.extra, '~noparts') && parts.length === 0) return {}
  return { parts: isSpelled(message.extra, '~onepart') && parts.length === 1 ? parts[0] : parts }
}
