import { createHash } from 'node:crypto'
import type { JsonPath, Splice } from '../codec.js'
import { isRecord, type Json, listOf } from '../json.js'

/** Mistral's ids of tool calls; it refuses others (its chat template raises an exception). */
const NINE = /^[a-zA-Z0-9]{9}$/

/** Ids of calls and of their results, for a model that takes its own kind only: always the same one for the same id. */
export function callIdSplices(body: Json): Splice[] {
  const splices: Splice[] = []
  const messages = listOf(body.messages)
  const fitAt = (path: JsonPath, id: unknown): void => {
    if (typeof id !== 'string' || NINE.test(id)) return
    splices.push({ kind: 'set', field: path.join('.'), path, value: nineOf(id), why: 'this model takes ids of nine letters and digits' })
  }
  for (const [i, message] of messages.entries()) {
    if (!isRecord(message)) continue
    if (message.role === 'tool') fitAt(['messages', i, 'tool_call_id'], message.tool_call_id)
    if (!Array.isArray(message.tool_calls)) continue
    for (const [j, call] of (message.tool_calls as readonly unknown[]).entries())
      if (isRecord(call)) fitAt(['messages', i, 'tool_calls', j, 'id'], call.id)
  }
  return splices
}

function nineOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 9)
}
