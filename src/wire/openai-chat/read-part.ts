import type { CacheMark, Part } from '../../canonical/index.js'
import { spelled } from '../extra.js'
import { isRecord, type Json, leftover, mayString, needRecord, needString, present, readEach } from '../json.js'
import { sourceOfUrl } from '../media.js'
import { isAnthropicBlock, readAnthropicBlock } from './cursor.js'
import { isThinkingChunk, textOfPart } from './thinking-chunk.js'

const KNOWN = {
  text: new Set(['type', 'text']),
  image_url: new Set(['type', 'image_url']),
  input_audio: new Set(['type', 'input_audio']),
  file: new Set(['type', 'file']),
  refusal: new Set(['type', 'refusal']),
} as const

/** The parts of a `content` array; `path` names it in errors. */
export function readParts(content: unknown, path: string): Part[] {
  return readEach(content, path, readPart)
}

/** One content part. Content without a neutral form stays complete, as an opaque part. */
function readPart(part: Json, path: string): Part {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: needString(part.text, `${path}.text`), ...base(part, KNOWN.text) }
    case 'refusal':
      return {
        type: 'refusal',
        text: needString(part.refusal, `${path}.refusal`),
        ...present({ extra: spelled(leftover(part, KNOWN.refusal), { '~part': true }) }),
      }
    case 'image_url':
      return readImage(part, path)
    case 'input_audio': {
      const audio = needRecord(part.input_audio, `${path}.input_audio`)
      const format = needString(audio.format, `${path}.input_audio.format`)
      const data = needString(audio.data, `${path}.input_audio.data`)
      return { type: 'audio', source: { kind: 'base64', mediaType: `audio/${format}`, data }, ...base(part, KNOWN.input_audio) }
    }
    case 'file':
      return readFile(part, path)
    default:
      if (isThinkingChunk(part)) return { type: 'reasoning', text: textOfPart(part), extra: { '~chunk': part } }
      if (isAnthropicBlock(part)) return readAnthropicBlock(part, path)
      return { type: 'opaque', format: 'openai-chat', kind: needString(part.type, `${path}.type`), value: part }
  }
}

function readImage(part: Json, path: string): Part {
  // Some clients write the URL itself where the object belongs.
  if (typeof part.image_url === 'string')
    return { type: 'image', source: sourceOfUrl(part.image_url), extra: { '~image_url': part.image_url } }
  const image = needRecord(part.image_url, `${path}.image_url`)
  return {
    type: 'image',
    source: sourceOfUrl(needString(image.url, `${path}.image_url.url`)),
    ...present({ detail: mayString(image.detail, `${path}.image_url.detail`) }),
    ...base(part, KNOWN.image_url),
  }
}

function readFile(part: Json, path: string): Part {
  const file = needRecord(part.file, `${path}.file`)
  const id = mayString(file.file_id, `${path}.file.file_id`)
  const data = mayString(file.file_data, `${path}.file.file_data`)
  if (id === undefined && data === undefined) return { type: 'opaque', format: 'openai-chat', kind: 'file', value: part }
  return {
    type: 'file',
    source: id === undefined ? sourceOfUrl(data!) : { kind: 'file-id', id },
    ...present({ filename: mayString(file.filename, `${path}.file.filename`) }),
    ...base(part, KNOWN.file),
  }
}

/** OpenRouter and others take Anthropic's cache marks on chat parts; the mark's own spelling stays in `extra`. */
function base(part: Json, known: ReadonlySet<string>) {
  const extra = leftover(part, known)
  if (extra === undefined) return undefined
  const cache = readCache(extra.cache_control)
  return cache === undefined ? { extra } : { cache, extra }
}

export function readCache(mark: unknown): CacheMark | undefined {
  if (!isRecord(mark)) return undefined
  return { ttl: mark.ttl === '1h' ? '1h' : '5m' }
}
