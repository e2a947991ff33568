import type { Loss, Part, PartOf } from '../../canonical/index.js'
import { wireFields } from '../extra.js'
import type { Json } from '../json.js'
import { lose } from '../losses.js'
import { fileNameOf, isOpenaiFile, plainSource, textOfFile, urlOfSource } from '../media.js'

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
  if (own && part.extra?.['~image_url'] !== undefined) return { type: 'image_url', image_url: part.extra['~image_url'] }
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
  const name = filename ?? (own ? undefined : fileNameOf(source))
  const named = name === undefined ? {} : { filename: name }
  if (source.kind === 'file-id' && !own && !isOpenaiFile(source.id))
    return lose(losses, 'file', "another vendor's file ids are unknown here", true)
  if (source.kind === 'file-id') return { type: 'file', file: { file_id: source.id, ...named }, ...extra }
  if (source.kind === 'url' && !source.url.startsWith('data:')) return lose(losses, 'file', 'chat takes files as bytes, not by URL', true)
  return { type: 'file', file: { file_data: urlOfSource(source), ...named }, ...extra }
}
