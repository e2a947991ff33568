import type { Loss, Part, PartOf } from '../../canonical/index.js'
import { isSpelled, wireFields } from '../extra.js'
import { type Json, present } from '../json.js'
import { lose } from '../losses.js'
import { fileNameOf, isOpenaiFile, plainSource, urlOfSource } from '../media.js'

/** One content part, or undefined with a loss. `usual` is the type that text has at this place. */
export function writePart(part: Part, usual: 'input_text' | 'output_text', own: boolean, losses: Loss[]): Json | undefined {
  const extra = own ? wireFields(part.extra) : undefined
  if (!own && part.cache !== undefined) lose(losses, 'cache_control', 'Responses has no cache marks')
  switch (part.type) {
    case 'text': {
      const type = own ? (part.extra?.['~type'] ?? usual) : usual
      return type === 'output_text' && !own ? { type, text: part.text, annotations: [] } : { type, text: part.text, ...extra }
    }
    case 'refusal':
      return { type: 'refusal', refusal: part.text, ...extra }
    case 'image': {
      const detail = part.detail === undefined ? (own ? {} : { detail: 'auto' }) : { detail: part.detail }
      const url = urlOfSource(own ? part.source : plainSource(part.source))
      if (part.source.kind === 'file-id') {
        if (!own && !isOpenaiFile(part.source.id)) return lose(losses, 'image', "another vendor's file ids are unknown here", true)
        return { type: 'input_image', file_id: part.source.id, ...detail, ...extra }
      }
      return { type: 'input_image', image_url: url, ...detail, ...extra }
    }
    case 'file':
      return writeFile(part, own, extra, losses)
    case 'audio':
      if (part.source.kind !== 'base64') return lose(losses, 'audio', 'Responses takes audio as bytes only', true)
      return {
        type: 'input_audio',
        input_audio: { data: part.source.data, format: part.source.mediaType.replace(/^audio\//, '') },
        ...extra,
      }
    case 'opaque':
      if (part.format === 'openai-responses') return part.value as Json
      return lose(losses, part.kind, `only ${part.format} has it`, true)
    case 'reasoning':
    case 'tool-call':
    case 'tool-result':
      // These are items of their own, not content.
      return undefined
  }
}

function writeFile(part: PartOf<'file'>, own: boolean, extra: Json | undefined, losses: Loss[]): Json | undefined {
  const { source, filename } = part
  const named = filename === undefined ? {} : { filename }
  switch (source.kind) {
    case 'file-id':
      if (!own && !isOpenaiFile(source.id)) return lose(losses, 'file', "another vendor's file ids are unknown here", true)
      return { type: 'input_file', file_id: source.id, ...named, ...extra }
    case 'url':
      return { type: 'input_file', [source.url.startsWith('data:') ? 'file_data' : 'file_url']: source.url, ...named, ...extra }
    case 'base64': {
      const bare = own && isSpelled(part.extra, '~bare')
      const name = filename ?? (own ? undefined : fileNameOf(source))
      return { type: 'input_file', file_data: bare ? source.data : urlOfSource(source), ...present({ filename: name }), ...extra }
    }
  }
}
