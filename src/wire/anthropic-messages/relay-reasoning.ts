import { dropAt, type JsonPath, type Splice, type Target } from '../codec.js'
import { isRecord, type Json, listOf, present, recordEntries } from '../json.js'
import { keepsSignature } from '../target.js'

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
  for (const [i, message] of recordEntries(messages)) {
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

/**
 * Texts without a visible character, which the vendor refuses where a message holds no others, and empty ones anywhere: what other models
 * say before their calls (github.com/LibreChat-AI/agents/pull/124, aaif-goose/goose/pull/7343). Their places in the content.
 */
function blankTexts(content: readonly unknown[]): readonly number[] {
  const texts = content.flatMap((block, j) => (isText(block) ? [{ j, text: block.text }] : []))
  const spoken = texts.some(({ text }) => /\S/.test(text))
  return texts.flatMap(({ j, text }) => (spoken && text !== '' ? [] : [j]))
}

/**
 * Takes out the texts at `blank`, and puts those that follow a call before it: the vendor then takes the call for one without a result
 * (github.com/vercel/ai/issues/13013).
 */
function textSplices(content: readonly unknown[], blank: readonly number[], message: number): Splice[] {
  const path = ['messages', message, 'content']
  const invisible = 'The vendor refuses text without a visible character.'
  if (blank.length === content.length) return [dropAt(['messages', message], invisible)]
  const splices = blank.map((j) => dropAt([...path, j], invisible))
  const call = content.findIndex((block) => isRecord(block) && block.type === 'tool_use')
  const late = call === -1 ? [] : content.flatMap((block, j) => (j > call && isText(block) && !blank.includes(j) ? [{ j, block }] : []))
  if (late.length === 0) return splices
  const why = "The vendor wants a turn's text before its calls."
  const cache_control = late.findLast(({ block }) => block.cache_control != null)?.block.cache_control
  const value = { type: 'text', text: late.map(({ block }) => block.text).join('\n\n'), ...present({ cache_control }) }
  return [
    ...splices,
    ...late.map(({ j }) => dropAt([...path, j], why)),
    { kind: 'insert', field: path.join('.'), path: [...path, call], value, why },
  ]
}

function isText(block: unknown): block is Json & { readonly text: string } {
  return isRecord(block) && block.type === 'text' && typeof block.text === 'string'
}
