import type { Extra, MediaSource, Part } from '../../canonical/index.js'
import { type Json, leftover, present } from '../json.js'

const KNOWN_INLINE = new Set(['mimeType', 'data'])
const KNOWN_FILE = new Set(['fileUri', 'mimeType'])
/** Files that only Google's own servers can open. */
const PRIVATE = ['https://generativelanguage.googleapis.com/', 'gs://', 'files/']

/** Undefined when a field is missing. */
export function readInlineData(data: Json, extra: Extra | undefined): Part | undefined {
  if (typeof data.mimeType !== 'string' || typeof data.data !== 'string') return undefined
  const source: MediaSource = { kind: 'base64', mediaType: data.mimeType, data: data.data }
  return mediaPart(data.mimeType, source, nest(extra, 'inlineData', leftover(data, KNOWN_INLINE)))
}

export function readFileData(data: Json, extra: Extra | undefined): Part | undefined {
  const { fileUri: url, mimeType } = data
  if (typeof url !== 'string' || (mimeType !== undefined && typeof mimeType !== 'string')) return undefined
  if (PRIVATE.some((start) => url.startsWith(start))) {
    const kept = mimeType === undefined ? leftover(data, KNOWN_FILE) : { ...leftover(data, KNOWN_FILE), mimeType }
    return mediaPart(mimeType ?? '', { kind: 'file-id', id: url }, nest(extra, 'fileData', kept))
  }
  const source: MediaSource = { kind: 'url', url, ...present({ mediaType: mimeType }) }
  return mediaPart(mimeType ?? '', source, nest(extra, 'fileData', leftover(data, KNOWN_FILE)))
}

function nest(extra: Extra | undefined, key: string, inner: Extra | undefined): Extra | undefined {
  return inner === undefined ? extra : { ...extra, [key]: inner }
}

function mediaPart(mediaType: string, source: MediaSource, extra: Extra | undefined): Part {
  const type = mediaType.startsWith('image/') ? 'image' : mediaType.startsWith('audio/') ? 'audio' : 'file'
  return { type, source, ...present({ extra }) }
}
