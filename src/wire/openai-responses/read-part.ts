import type { MediaSource, Part } from '../../canonical/index.js'
import { spelled } from '../extra.js'
import { type Json, leftover, mayString, needRecord, needString, present, readEach } from '../json.js'
import { sourceOfUrl } from '../media.js'

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
