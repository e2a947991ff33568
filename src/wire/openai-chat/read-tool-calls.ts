import type { Part, PartOf } from '../../canonical/index.js'
import { spelled } from '../extra.js'
import { isRecord, type Json, leftover, needRecord, needString, present, readEach } from '../json.js'

const KNOWN = new Set(['id', 'type', 'function', 'custom'])
const KNOWN_IN_FUNCTION = new Set(['name', 'arguments'])

export function readToolCalls(value: unknown, path: string): Part[] {
  return readEach(value, path, readToolCall)
}

function readToolCall(call: Json, path: string): PartOf<'tool-call'> {
  const id = needString(call.id, `${path}.id`)
  const extra = leftover(call, KNOWN)
  if (call.type === 'custom') {
    const custom = needRecord(call.custom, `${path}.custom`)
    // Free text has no neutral form; as an argument object it can go to any target.
    const args = JSON.stringify({ input: needString(custom.input, `${path}.custom.input`) })
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
