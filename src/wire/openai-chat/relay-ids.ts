import { createHash } from 'node:crypto'
import { fitCallId } from '../call-ids.js'
import { type JsonPath, type Splice, setAt, type Target } from '../codec.js'
import { type Json, recordEntries } from '../json.js'

/** Mistral's ids of tool calls; it refuses others (its chat template raises an exception). */
const NINE = /^[a-zA-Z0-9]{9}$/

/** OpenAI refuses longer ids of calls in chat (github.com/openclaw/openclaw/pull/875), as Kimi's are that hold a tool's long name. */
export const LONGEST_ID = 40

/** Ids of calls and of their results for a model that does not take them all: always the same one for the same id. */
export function callIdSplices(body: Json, { accepts }: Target): Splice[] {
  if (accepts.refuses.includes('foreign_call_ids'))
    return idSplices(
      body,
      (id) => (NINE.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9)),
      'this model takes ids of nine letters and digits',
    )
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
