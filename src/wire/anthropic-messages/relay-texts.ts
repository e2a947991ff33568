import type { Splice } from '../codec.js'
import { isRecord, type Json, present } from '../json.js'
import { dropAt } from '../splice.js'

/**
 * Texts without a visible character, which the vendor refuses where a message holds no others, and empty ones anywhere: what other models
 * say before their calls (github.com/LibreChat-AI/agents/pull/124, aaif-goose/goose/pull/7343). Their places in the content.
 */
export function blankTexts(content: readonly unknown[]): readonly number[] {
  const texts = content.flatMap((block, j) => (isText(block) ? [{ j, text: block.text }] : []))
  const spoken = texts.some(({ text }) => /\S/.test(text))
  return texts.flatMap(({ j, text }) => (spoken && text !== '' ? [] : [j]))
}

/**
 * Takes out the texts at `blank`, and puts those that follow a call before it: the vendor then takes the call for one without a result
 * (github.com/vercel/ai/issues/13013).
 */
export function textSplices(content: readonly unknown[], blank: readonly number[], message: number): Splice[] {
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
