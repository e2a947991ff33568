import type { JsonPath, Splice, Target } from '../codec.js'
import { isRecord, type Json, listOf } from '../json.js'
import { keepsSignature } from '../keeps-signature.js'
import { blankTexts, textSplices } from './relay-texts.js'

export interface ReasoningSplices {
  readonly splices: readonly Splice[]
  /**
   * Whether an open tool loop is without the reasoning that a thinking budget requires in it: since the client left it out, or
   * since another model began it.
   */
  readonly unreasoned: 'by-client' | 'by-switch' | false
}

/**
 * Removes reasoning that this target did not sign, or that nobody signed, and mends the texts beside it: what other models leave in the
 * assistant's turns and the vendor answers with a 400.
 */
export function reasoningSplices(body: Json, target: Target): ReasoningSplices {
  const messages = listOf(body.messages)
  const paths: JsonPath[] = []
  const texts: Splice[] = []
  let openLoop = false
  let loopReasons = true
  let begunElsewhere = false
  let takenOver = false
  for (const [i, message] of messages.entries()) {
    if (!isRecord(message)) continue
    const content = contentOf(message)
    if (content === null) {
      if (message.role === 'user') openLoop = false
      continue
    }
    if (message.role === 'user') {
      if (!content.some((block) => isRecord(block) && block.type === 'tool_result')) openLoop = false
      continue
    }
    if (message.role !== 'assistant') continue
    const foreign = content.flatMap((block, j) => (isForeign(block, target) ? [j] : []))
    const blank = blankTexts(content)
    if (foreign.length > 0 && foreign.length + blank.length === content.length) paths.push(['messages', i])
    else if (content.length > 0 || i < messages.length - 1) {
      for (const j of foreign) paths.push(['messages', i, 'content', j])
      texts.push(...textSplices(content, blank, i))
    }
    const calledElsewhere = content.some(isForeignCall)
    begunElsewhere = (openLoop && begunElsewhere) || calledElsewhere
    // Where all ids are of another kind, the target may be the one that makes them.
    takenOver = begunElsewhere && !calledElsewhere
    openLoop = content.some((block) => isRecord(block) && block.type === 'tool_use')
    loopReasons = content.some((block) => isReasoning(block) && !isForeign(block, target))
  }
  const unreasoned = openLoop && !loopReasons && (paths.length > 0 || takenOver || !target.keepsReasoning ? 'by-switch' : 'by-client')
  if (paths.length === 0) return { splices: texts, unreasoned }
  const splices: Splice[] = [{ kind: 'drop-all', field: 'reasoning', why: 'Only the model that signed this reasoning can read it.', paths }]
  return { splices: [...splices, ...texts], unreasoned }
}

/** The blocks of a message; of a string only where it has no visible character. */
function contentOf({ content }: Json): readonly unknown[] | null {
  if (typeof content === 'string' && !/\S/.test(content)) return []
  return Array.isArray(content) ? content : null
}

function isReasoning(block: unknown): block is Json {
  return isRecord(block) && (block.type === 'thinking' || block.type === 'redacted_thinking')
}

/** The vendor's own ids of calls begin so. */
function isForeignCall(block: unknown): boolean {
  return isRecord(block) && block.type === 'tool_use' && !String(block.id).startsWith('toolu_')
}

function isForeign(block: unknown, target: Target): boolean {
  return isReasoning(block) && (!keepsSignature(target, block.signature ?? block.data) || (block.type === 'thinking' && !block.signature))
}
