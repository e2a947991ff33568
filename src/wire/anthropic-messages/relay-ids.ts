import { callIds } from '../call-ids.js'
import { type Splice, setAt } from '../codec.js'
import { isRecord, type Json, listOf } from '../json.js'
import { freshId } from '../pair-tools.js'

const WHY = 'The vendor takes ids of letters, digits, _ and -, each once.'

/** Ids of calls that other models made, under which the vendor takes them: Kimi's hold a point and a colon. */
export function callIdSplices(body: Json): Splice[] {
  const splices: Splice[] = []
  const used = new Set<string>()
  const ids = callIds((asked) => freshId(asked, used))
  for (const [i, message] of listOf(body.messages).entries()) {
    if (!isRecord(message)) continue
    for (const [j, block] of listOf(message.content).entries()) {
      if (!isRecord(block)) continue
      const field = block.type === 'tool_use' ? 'id' : block.type === 'tool_result' ? 'tool_use_id' : null
      if (field === null) continue
      const asked = block[field]
      if (typeof asked !== 'string') continue
      const id = field === 'id' ? ids.call(asked) : ids.result(asked)
      if (id !== null && id !== asked) splices.push(setAt(['messages', i, 'content', j, field], id, WHY))
    }
  }
  return splices
}
