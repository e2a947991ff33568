import type { MediaSource, Part, PartOf } from '../../canonical/index.js'
import { argsObject } from '../calls.js'
import { isSpelled, wireFields } from '../extra.js'
import { isRecord, type Json, present } from '../json.js'
import { writeCache } from './cache.js'

/** Content blocks of parts that this format can say; `fitParts` has seen to it that others do not get here. */
export function writeBlocks(parts: readonly Part[]): Json[] {
  const blocks: Json[] = []
  for (const part of parts) {
    const block = writeBlock(part)
    if (block !== undefined) blocks.push(block)
  }
  return blocks
}

export function writeBlock(part: Part): Json | undefined {
  if (part.type === 'opaque') return part.format === 'anthropic-messages' && isRecord(part.value) ? part.value : undefined
  if (isRecord(part.extra?.['~block'])) return part.extra['~block']
  const body = writeBody(part)
  if (body === undefined) return undefined
  const { cache, extra } = part
  if (cache === undefined && extra === undefined) return body
  return { ...wireFields(extra), ...body, ...present({ cache_control: writeCache(cache, extra) }) }
}

function writeBody(part: Exclude<Part, { readonly type: 'opaque' }>): Json | undefined {
  switch (part.type) {
    case 'text':
      return isSpelled(part.extra, '~document')
        ? { type: 'document', source: { type: 'text', media_type: 'text/plain', data: part.text } }
        : { type: 'text', text: part.text }
    case 'refusal':
      return { type: 'text', text: part.text }
    case 'reasoning':
      return part.redacted
        ? { type: 'redacted_thinking', data: part.signature ?? '' }
        : { type: 'thinking', thinking: part.text, ...present({ signature: part.signature }) }
    case 'tool-call':
      return { type: 'tool_use', id: part.id, name: part.name, input: argsObject(part.args) }
    case 'tool-result':
      return {
        type: 'tool_result',
        tool_use_id: part.callId,
        ...present({ content: resultContent(part), is_error: part.isError }),
      }
    case 'image':
      return { type: 'image', source: writeSource(part.source) }
    case 'file':
      return { type: 'document', source: writeSource(part.source), ...present({ title: part.filename }) }
    case 'audio':
      return undefined
    default:
      return part satisfies never
  }
}

function resultContent(part: PartOf<'tool-result'>): unknown {
  const only = part.parts[0]
  if (only === undefined) return isSpelled(part.extra, '~empty') ? [] : undefined
  if (part.parts.length === 1 && only.type === 'text' && isSpelled(part.extra, '~string')) return only.text
  return writeBlocks(part.parts)
}

function writeSource(source: MediaSource): Json {
  switch (source.kind) {
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data }
    case 'url':
      return { type: 'url', url: source.url }
    case 'file-id':
      return { type: 'file', file_id: source.id }
  }
}
