import type { Loss, MediaSource, Part, PartOf } from '../../canonical/index.js'
import { isSpelled, spelled, wireFields } from '../extra.js'
import { type Json, leftover, mayString, needRecord, needString, present, readEach } from '../json.js'
import { lose } from '../losses.js'
import { fileNameOf, isOpenaiFile, plainSource, sourceOfUrl, urlOfSource } from '../media.js'

const KNOWN = {
  text: new Set(['type', 'text']),
  image: new Set(['type', 'image_url', 'file_id', 'detail']),
  file: new Set(['type', 'file_data', 'file_url', 'file_id', 'filename']),
  audio: new Set(['type', 'input_audio']),
  refusal: new Set(['type', 'refusal']),
} as const

/** The parts of a `content` or `output` array. `usual` is the type that text has there; another one is noted. */
export function readParts(content: unknown, path: string, usual: 'input_text' | 'output_text'): Part[] {
  return readEach(content, path, (part, at) => readPart(part, at, usual))
}

function readPart(part: Json, path: string, usual: string): Part {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text': {
      const extra = leftover(part, KNOWN.text)
      return {
        type: 'text',
        text: needString(part.text, `${path}.text`),
        ...present({ extra: part.type === usual ? extra : { ...extra, '~type': part.type } }),
      }
    }
    case 'refusal':
      return { type: 'refusal', text: needString(part.refusal, `${path}.refusal`), ...present({ extra: leftover(part, KNOWN.refusal) }) }
    case 'input_image':
      return readImage(part, path)
    case 'input_file':
      return readFile(part, path)
    case 'input_audio': {
      const audio = needRecord(part.input_audio, `${path}.input_audio`)
      const data = needString(audio.data, `${path}.input_audio.data`)
      const mediaType = `audio/${needString(audio.format, `${path}.input_audio.format`)}`
      return { type: 'audio', source: { kind: 'base64', mediaType, data }, ...present({ extra: leftover(part, KNOWN.audio) }) }
    }
    default:
      return opaque(part, needString(part.type, `${path}.type`))
  }
}

function readImage(part: Json, path: string): Part {
  const source = idOrUrl(part.file_id, part.image_url, path)
  if (source === undefined) return opaque(part, 'input_image')
  const detail = mayString(part.detail, `${path}.detail`)
  return { type: 'image', source, ...present({ detail, extra: leftover(part, KNOWN.image) }) }
}

function readFile(part: Json, path: string): Part {
  const filename = mayString(part.filename, `${path}.filename`)
  const extra = leftover(part, KNOWN.file)
  const data = mayString(part.file_data, `${path}.file_data`)
  if (data !== undefined && !data.startsWith('data:')) {
    // Bare base64 says no type; a PDF is what this field was made for.
    const source: MediaSource = { kind: 'base64', mediaType: 'application/pdf', data }
    return { type: 'file', source, ...present({ filename, extra: spelled(extra, { '~bare': true }) }) }
  }
  const source = idOrUrl(part.file_id, data ?? part.file_url, path)
  return source === undefined ? opaque(part, 'input_file') : { type: 'file', source, ...present({ filename, extra }) }
}

function idOrUrl(id: unknown, url: unknown, path: string): MediaSource | undefined {
  const given = mayString(id, `${path}.file_id`)
  if (given !== undefined) return { kind: 'file-id', id: given }
  const text = mayString(url, `${path}.url`)
  return text === undefined ? undefined : sourceOfUrl(text)
}

function opaque(part: Json, kind: string): Part {
  return { type: 'opaque', format: 'openai-responses', kind, value: part }
}

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
      const name = own ? filename : fileNameOf(part)
      return { type: 'input_file', file_data: bare ? source.data : urlOfSource(source), ...present({ filename: name }), ...extra }
    }
  }
}
