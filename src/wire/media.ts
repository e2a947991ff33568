import type { MediaSource, PartOf } from '../canonical/index.js'

/** `data:` URLs against media sources, for the formats that carry bytes inside a URL. */

const DATA_URL = /^data:([^;,]+);base64,/

/** A URL as a source; a `data:` URL of plain base64 becomes its bytes. */
export function sourceOfUrl(url: string): MediaSource {
  // Only the head is matched, and `slice` shares the memory of the text: an image of megabytes is not copied.
  const match = DATA_URL.exec(url.slice(0, 200))
  const mediaType = match?.[1]
  return mediaType === undefined ? { kind: 'url', url } : { kind: 'base64', mediaType, data: url.slice(match![0].length) }
}

const ANY_DATA_URL = /^data:([^;,]+)(?:;[^;,]*)*?;base64,/

/** Bytes as other vendors know them: their type by its proper name, which clients make of a file's ending, and without parameters. */
export function plainSource(source: MediaSource): MediaSource {
  const match = source.kind === 'url' ? ANY_DATA_URL.exec(source.url.slice(0, 200)) : null
  if (source.kind === 'url' && match?.[1] !== undefined)
    return plainSource({ kind: 'base64', mediaType: match[1], data: source.url.slice(match[0].length) })
  return source.kind === 'base64' && source.mediaType === 'image/jpg' ? { ...source, mediaType: 'image/jpeg' } : source
}

/** Null for a file id, which is no URL. */
export function urlOfSource(source: MediaSource): string | null {
  switch (source.kind) {
    case 'url':
      return source.url
    case 'base64':
      return `data:${source.mediaType};base64,${source.data}`
    case 'file-id':
      return null
  }
}

/** Files that OpenAI keeps are known to both of its formats; Anthropic's ids begin with `file_`, Google's are addresses. */
export function isOpenaiFile(id: string): boolean {
  return id.startsWith('file-')
}

/** A file of text as words, for formats whose files are PDFs; undefined for any other. */
export function textOfFile({ source, filename }: PartOf<'file'>): PartOf<'text'> | undefined {
  if (source.kind !== 'base64' || !(source.mediaType.startsWith('text/') || source.mediaType === 'application/json')) return undefined
  const text = Buffer.from(source.data, 'base64').toString('utf8')
  return { type: 'text', text: filename === undefined ? text : `${filename}:\n${text}` }
}

/**
 * The name of a file as OpenAI takes it: bytes need one ("Missing required parameter: …file.file_id"), and by its ending some kinds of file
 * are told ("supported format: .pdf but got none"), which the title of a document has not (github.com/openai/openai-agents-python/pull/1513).
 */
export function fileNameOf({ source, filename }: PartOf<'file'>): string | undefined {
  if (source.kind !== 'base64') return filename
  const ending = source.mediaType === 'text/plain' ? 'txt' : source.mediaType.replace(/^.*\//, '')
  return filename === undefined || (ending === 'pdf' && !/\.pdf$/i.test(filename)) ? `${filename ?? 'file'}.${ending}` : filename
}
