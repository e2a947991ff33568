import type { Splice } from '../codec.js'
import { isRecord, type Json, listOf } from '../json.js'
import { freshId } from '../pair-tools.js'
import { setAt } from '../splice.js'

const WHY = 'The vendor takes ids of letters, digits, _ and -, each once.'

/**
 * Ids of calls that other models made, under which the vendor takes them: Kimi's hold a point and a colon, and some servers count from 0
 * in every answer. A result gets the id of the last call that its own names.
 */
export function callIdSplices(body: Json): Splice[] {
  const splices: Splice[] = []
  const used = new Set<string>()
  const sent = new Map<unknown, string>()
  for (const [i, message] of listOf(body.messages).entries()) {
    if (!isRecord(message)) continue
    for (const [j, block] of listOf(message.content).entries()) {
      if (!isRecord(block)) continue
      if (block.type === 'tool_use' && typeof block.id === 'string') {
        const id = freshId(block.id, used)
        sent.set(block.id, id)
        if (id !== block.id) splices.push(setAt(['messages', i, 'content', j, 'id'], id, WHY))
      } else if (block.type === 'tool_result') {
        const id = sent.get(block.tool_use_id)
        if (id !== undefined && id !== block.tool_use_id) splices.push(setAt(['messages', i, 'content', j, 'tool_use_id'], id, WHY))
      }
    }
  }
  return splices
}
