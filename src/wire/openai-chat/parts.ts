import type { CacheMark, Loss, Part, PartOf } from '../../canonical/index.js'
import { readBlock } from '../anthropic-messages/read-content.js'
import { spelled, wireFields, withoutExtra } from '../extra.js'
import { isRecord, type Json, leftover, mayString, needRecord, needString, present, readEach } from '../json.js'
import { lose } from '../losses.js'
import { fileNameOf, isOpenaiFile, plainSource, sourceOfUrl, textOfFile, urlOfSource } from '../media.js'
import { isAnthropicBlock } from './other-shapes.js'
import { isThinkingChunk, textOfPart } from './reasoning.js'

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
      if (isAnthropicBlock(part)) return withoutExtra(readBlock(part, path))
      return { type: 'opaque', format: 'openai-chat', kind: needString(part.type, `${path}.type`), value: part }
  }
}

function readImage(part: Json, path: string): Part {
  // Some clients write the URL itself where the object belongs.
  if (typeof part.image_url === 'string') return { type: 'image', source: sourceOfUrl(part.image_url) }
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

/** One content part, or undefined with a loss when chat cannot carry it. `own`: it was read from this format, so its extras belong here. */
export function writePart(part: Part, own: boolean, losses: Loss[]): Json | undefined {
  const extra = own ? wireFields(part.extra) : undefined
  if (!own && part.cache !== undefined) lose(losses, 'cache_control', 'chat has no cache marks')
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, ...extra }
    case 'refusal':
      return { type: 'refusal', refusal: part.text, ...extra }
    case 'image':
      return writeImage(part, own, losses)
    case 'audio':
      if (part.source.kind !== 'base64') return lose(losses, 'audio', 'chat takes audio as bytes only', true)
      return {
        type: 'input_audio',
        input_audio: { data: part.source.data, format: part.source.mediaType.replace(/^audio\//, '') },
        ...extra,
      }
    case 'file':
      return writeFile(part, own, extra, losses)
    case 'opaque':
      if (part.format === 'openai-chat') return part.value as Json
      return lose(losses, part.kind, `only ${part.format} has it`, true)
    case 'reasoning':
      // Chat keeps it beside the content, except one vendor.
      return own && part.extra?.['~chunk'] !== undefined ? (part.extra['~chunk'] as Json) : undefined
    case 'tool-call':
    case 'tool-result':
      // Chat keeps these beside the content, not in it.
      return undefined
  }
}

function writeImage(part: PartOf<'image'>, own: boolean, losses: Loss[]): Json | undefined {
  const url = urlOfSource(own ? part.source : plainSource(part.source))
  if (url === null) return lose(losses, 'image', 'chat takes images by URL or as bytes, not by file id', true)
  const image = part.detail === undefined ? { url } : { url, detail: part.detail }
  return { type: 'image_url', image_url: image, ...(own ? wireFields(part.extra) : undefined) }
}

function writeFile(part: PartOf<'file'>, own: boolean, extra: Json | undefined, losses: Loss[]): Json | undefined {
  const { source, filename } = part
  const words = own ? undefined : textOfFile(part)
  if (words !== undefined) return writePart(words, own, losses)
  // "Expected a base64-encoded data URL with an application/pdf MIME type" (github.com/trpc-group/trpc-agent-go/issues/1816).
  if (!own && source.kind === 'base64' && source.mediaType !== 'application/pdf')
    return lose(losses, 'file', `chat takes PDF and text, not ${source.mediaType}`, true)
  const name = own ? filename : fileNameOf(part)
  const named = name === undefined ? {} : { filename: name }
  if (source.kind === 'file-id' && !own && !isOpenaiFile(source.id))
    return lose(losses, 'file', "another vendor's file ids are unknown here", true)
  if (source.kind === 'file-id') return { type: 'file', file: { file_id: source.id, ...named }, ...extra }
  if (source.kind === 'url' && !source.url.startsWith('data:')) return lose(losses, 'file', 'chat takes files as bytes, not by URL', true)
  return { type: 'file', file: { file_data: urlOfSource(source), ...named }, ...extra }
}
