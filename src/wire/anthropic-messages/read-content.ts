import type { Extra, MediaSource, Part } from '../../canonical/index.js'
import { spelled } from '../extra.js'
import {
  isRecord,
  type Json,
  leftover,
  listOf,
  mayBoolean,
  mayString,
  needRecord,
  needString,
  present,
  readEach,
  recordOf,
} from '../json.js'
import { cacheNeedsExtra, readCache } from './cache.js'

const KNOWN = {
  text: new Set(['type', 'text', 'cache_control']),
  image: new Set(['type', 'source', 'cache_control']),
  document: new Set(['type', 'source', 'title', 'cache_control']),
  tool_use: new Set(['type', 'id', 'name', 'input', 'cache_control']),
  tool_result: new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']),
  thinking: new Set(['type', 'thinking', 'signature']),
  redacted_thinking: new Set(['type', 'data']),
  passage: new Set(['type', 'source', 'title', 'content', 'cache_control']),
} as const

/** The parts of a content array; `path` names it in errors. */
export function readBlocks(value: unknown, path: string): Part[] {
  return readEach(value, path, readBlock)
}

/** One content block of a request or an answer. Content without a neutral form stays complete, as an opaque part. */
export function readBlock(block: Json, path: string): Part {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: needString(block.text, `${path}.text`), ...base(block, KNOWN.text) }
    case 'thinking':
      return {
        type: 'reasoning',
        text: needString(block.thinking, `${path}.thinking`),
        ...present({ signature: mayString(block.signature, `${path}.signature`) }),
        ...base(block, KNOWN.thinking),
      }
    case 'redacted_thinking':
      return {
        type: 'reasoning',
        text: '',
        redacted: true,
        signature: needString(block.data, `${path}.data`),
        ...base(block, KNOWN.redacted_thinking),
      }
    case 'tool_use':
      return {
        type: 'tool-call',
        id: needString(block.id, `${path}.id`),
        name: needString(block.name, `${path}.name`),
        args: JSON.stringify(needRecord(block.input, `${path}.input`)),
        ...base(block, KNOWN.tool_use),
      }
    case 'tool_result':
      return readToolResult(block, path)
    case 'image':
    case 'document':
      return readMedia(block, block.type, path)
    case 'search_result':
      return readPassage(block) ?? opaque(block)
    default:
      needString(block.type, `${path}.type`)
      return opaque(block)
  }
}

function readToolResult(block: Json, path: string): Part {
  const { content } = block
  const plain = typeof content === 'string'
  const parts = plain ? [textPart(content)] : content === undefined || content === null ? [] : readBlocks(content, `${path}.content`)
  const marks = { '~string': plain, '~empty': Array.isArray(content) && content.length === 0 }
  return {
    type: 'tool-result',
    callId: needString(block.tool_use_id, `${path}.tool_use_id`),
    parts,
    ...present({ isError: mayBoolean(block.is_error, `${path}.is_error`) }),
    ...base(block, KNOWN.tool_result, marks),
  }
}

function readMedia(block: Json, type: 'image' | 'document', path: string): Part {
  const source = needRecord(block.source, `${path}.source`)
  if (type === 'document' && source.type === 'text' && typeof source.data === 'string' && source.media_type === 'text/plain') {
    // Only its text matters in other formats; the rest of the document is restored for this format only.
    return { type: 'text', text: source.data, ...base(block, KNOWN.text, { '~document': true }) }
  }
  const media = readSource(source)
  if (media === undefined) return readPassage(block) ?? opaque(block)
  if (type === 'image') return { type: 'image', source: media, ...base(block, KNOWN.image) }
  return {
    type: 'file',
    source: media,
    ...present({ filename: mayString(block.title, `${path}.title`) }),
    ...base(block, KNOWN.document),
  }
}

/** Undefined for a source that the neutral form cannot say (nested content, fields not known here). */
function readSource(source: Json): MediaSource | undefined {
  const fields = Object.keys(source).length
  if (source.type === 'base64' && fields === 3 && typeof source.media_type === 'string' && typeof source.data === 'string') {
    return { kind: 'base64', mediaType: source.media_type, data: source.data }
  }
  if (source.type === 'url' && fields === 2 && typeof source.url === 'string') return { kind: 'url', url: source.url }
  if (source.type === 'file' && fields === 2 && typeof source.file_id === 'string') return { kind: 'file-id', id: source.file_id }
  return undefined
}

function opaque(block: Json): Part {
  return { type: 'opaque', format: 'anthropic-messages', kind: String(block.type), value: block, ...present({ cache: readCache(block) }) }
}

export function textPart(text: string): Part {
  return { type: 'text', text }
}

function base(block: Json, known: ReadonlySet<string>, marks?: Readonly<Record<`~${string}`, boolean>>) {
  const cache = known.has('cache_control') ? readCache(block) : undefined
  const own = extraOf(block, known)
  const extra = marks === undefined ? own : spelled(own, marks)
  if (cache === undefined && extra === undefined) return undefined
  return present({ cache, extra })
}

/** Fields without a neutral name, and `cache_control` when a mark does not say all of it. */
export function extraOf(value: Json, known: ReadonlySet<string>): Extra | undefined {
  const extra = leftover(value, known)
  return known.has('cache_control') && cacheNeedsExtra(value) && isRecord(value.cache_control)
    ? { ...extra, cache_control: value.cache_control }
    : extra
}

/**
 * A found passage (`search_result`), or a document given as blocks, as the text that it is to other formats; the whole block comes back
 * for this one. Null where it holds more than text.
 */
function readPassage(block: Json): Part | null {
  const found = block.type === 'search_result'
  const content = found ? block.content : isRecord(block.source) && block.source.type === 'content' ? block.source.content : undefined
  const texts =
    typeof content === 'string'
      ? [content]
      : listOf(content).map((inner) => (recordOf(inner).type === 'text' ? recordOf(inner).text : undefined))
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string')) return null
  const text = [block.title, found ? block.source : undefined, ...texts].filter((t) => typeof t === 'string' && t !== '').join('\n')
  return { type: 'text', text, extra: { ...leftover(block, KNOWN.passage), '~block': block }, ...present({ cache: readCache(block) }) }
}
