import type { Part } from '../../canonical/index.js'
import { isRecord, type Json, leftover, present } from '../json.js'
import { readCache } from './cache-mark.js'

const KNOWN = new Set(['type', 'source', 'title', 'content', 'cache_control'])

/**
 * A found passage (`search_result`), or a document given as blocks, as the text that it is to other formats; the whole block comes back
 * for this one. Null where it holds more than text.
 */
export function readPassage(block: Json): Part | null {
  const found = block.type === 'search_result'
  const content = found ? block.content : isRecord(block.source) && block.source.type === 'content' ? block.source.content : undefined
  const texts = typeof content === 'string' ? [content] : Array.isArray(content) ? content.map(textOf) : []
  if (texts.length === 0 || texts.includes(null)) return null
  const text = [block.title, found ? block.source : undefined, ...texts].filter((t) => typeof t === 'string' && t !== '').join('\n')
  return { type: 'text', text, extra: { ...leftover(block, KNOWN), '~block': block }, ...present({ cache: readCache(block) }) }
}

function textOf(block: unknown): string | null {
  return isRecord(block) && block.type === 'text' && typeof block.text === 'string' ? block.text : null
}
