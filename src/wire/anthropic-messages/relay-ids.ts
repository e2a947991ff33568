import type { Splice } from '../codec.js'
import { isRecord, type Json, listOf } from '../json.js'
import { freshId } from '../pair-tools.js'
import { setAt } from '../splice.js'

const WHY = 'The vendor takes ids of letters, digits, _ and -, each once.'

/**
 * Ids of calls that other models made, under which the vendor takes them: Kimi's hold a point and a colon, and some servers count from 0
 * in every answer. A result gets the id of the call that its own names in the last turn that has one; of several, the first without a result.
 */
export function callIdSplices(body: Json): Splice[] {
  const splices: Splice[] = []
  const used = new Set<string>()
  const sent = new Map<unknown, { readonly turn: number; readonly ids: string[] }>()
  for (const [i, message] of listOf(body.messages).entries()) {
    if (!isRecord(message)) continue
    for (const [j, block] of listOf(message.content).entries()) {
      if (!isRecord(block)) continue
      if (block.type === 'tool_use' && typeof block.id === 'string') {
        const id = freshId(block.id, used)
        const calls = sent.get(block.id)
        if (calls?.turn === i) calls.ids.push(id)
        else sent.set(block.id, { turn: i, ids: [id] })
        if (id !== block.id) splices.push(setAt(['messages', i, 'content', j, 'id'], id, WHY))
      } else if (block.type === 'tool_result') {
        const { ids = [] } = sent.get(block.tool_use_id) ?? {}
        const id = ids.length > 1 ? ids.shift() : ids[0]
        if (id !== undefined && id !== block.tool_use_id) splices.push(setAt(['messages', i, 'content', j, 'tool_use_id'], id, WHY))
      }
    }
  }
  return splices
}
