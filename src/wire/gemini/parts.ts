import type { Extra, MediaSource, Part, PartOf } from '../../canonical/index.js'
import { argsObject } from '../calls.js'
import { isSpelled, spelled, wireFields } from '../extra.js'
import { isRecord, type Json, leftover, mayString, needArray, needRecord, needString, present, recordOf } from '../json.js'
import type { CallIds } from './call-ids.js'

const KNOWN = {
  text: new Set(['text']),
  thought: new Set(['text', 'thought', 'thoughtSignature']),
  functionCall: new Set(['functionCall', 'thoughtSignature']),
  functionResponse: new Set(['functionResponse']),
  inlineData: new Set(['inlineData']),
  fileData: new Set(['fileData']),
} as const
const KNOWN_INSIDE = {
  functionCall: new Set(['id', 'name', 'args']),
  functionResponse: new Set(['id', 'name', 'response', 'parts']),
  inlineData: new Set(['mimeType', 'data']),
  fileData: new Set(['fileUri', 'mimeType']),
} as const
/** Where clients put the words of a result; the first two are the vendor's own names. */
const WORDS = ['output', 'error', 'content', 'result'] as const
/** Files that only Google's own servers can open, videos of YouTube among them (ai.google.dev/gemini-api/docs/video-understanding). */
const PRIVATE = /^(?:https:\/\/generativelanguage\.googleapis\.com\/|gs:\/\/|files\/|https?:\/\/(?:(?:www|m)\.)?youtu(?:\.be|be\.com)\/)/

/** One part of a request or an answer. Content without a neutral form stays complete, as an opaque part. */
export function readPart(part: Json, path: string, ids: CallIds): Part {
  if (typeof part.text === 'string') {
    if (part.thought !== true) return { type: 'text', text: part.text, ...present({ extra: leftover(part, KNOWN.text) }) }
    const signature = mayString(part.thoughtSignature, `${path}.thoughtSignature`)
    return { type: 'reasoning', text: part.text, ...present({ signature, extra: leftover(part, KNOWN.thought) }) }
  }
  if (part.text !== undefined && part.text !== null) needString(part.text, `${path}.text`)
  if (isRecord(part.functionCall)) return readCall(part, part.functionCall, `${path}.functionCall`, ids)
  if (isRecord(part.functionResponse)) return readResponse(part, part.functionResponse, `${path}.functionResponse`, ids)
  if (isRecord(part.inlineData)) return readInlineData(part, part.inlineData) ?? opaque(part)
  if (isRecord(part.fileData)) return readFileData(part, part.fileData) ?? opaque(part)
  return opaque(part)
}

function readCall(part: Json, call: Json, path: string, ids: CallIds): Part {
  const name = needString(call.name, `${path}.name`)
  const id = mayString(call.id, `${path}.id`)
  const args = call.args === undefined || call.args === null ? undefined : needRecord(call.args, `${path}.args`)
  const extra = extraOf(part, 'functionCall', leftover(call, KNOWN_INSIDE.functionCall))
  return {
    type: 'tool-call',
    id: ids.call(name, id),
    name,
    args: args === undefined ? '{}' : JSON.stringify(args),
    ...present({
      signature: mayString(part.thoughtSignature, 'thoughtSignature'),
      extra: spelled(extra, { '~noid': id === undefined, '~noargs': args === undefined }),
    }),
  }
}

function opaque(part: Json): Part {
  const kind = Object.keys(part).find((key) => key !== 'thought' && key !== 'thoughtSignature') ?? 'part'
  return { type: 'opaque', format: 'gemini', kind, value: part }
}

/** A function response: an object, of which other formats take the words. The object itself is kept unless it is only words. */
function readResponse(part: Json, value: Json, path: string, ids: CallIds): Part {
  const name = needString(value.name, `${path}.name`)
  const id = mayString(value.id, `${path}.id`)
  const kept: Record<string, unknown> = { ...leftover(value, KNOWN_INSIDE.functionResponse) }
  const parts: Part[] = []
  let isError = false
  if (value.response !== undefined && value.response !== null) {
    const response = needRecord(value.response, `${path}.response`)
    const key = WORDS.find((word) => typeof response[word] === 'string')
    isError = key === 'error'
    parts.push({ type: 'text', text: key === undefined ? JSON.stringify(response) : String(response[key]) })
    const isWords = Object.keys(response).length === 1 && (key === 'output' || key === 'error')
    if (!isWords) kept.response = response
  }
  const media = value.parts === undefined || value.parts === null ? undefined : needArray(value.parts, `${path}.parts`)
  for (const [i, inner] of (media ?? []).entries()) parts.push(readPart(needRecord(inner, `${path}.parts.${i}`), `${path}.parts.${i}`, ids))
  if (media?.length === 0) kept.parts = media
  const extra = extraOf(part, 'functionResponse', Object.keys(kept).length === 0 ? undefined : kept)
  return {
    type: 'tool-result',
    callId: ids.response(name, id),
    name,
    parts,
    ...present({ isError: isError || undefined, extra: spelled(extra, { '~noid': id === undefined }) }),
  }
}

/** Undefined when a field is missing. */
function readInlineData(part: Json, data: Json): Part | undefined {
  if (typeof data.mimeType !== 'string' || typeof data.data !== 'string') return undefined
  const source: MediaSource = { kind: 'base64', mediaType: data.mimeType, data: data.data }
  return mediaPart(data.mimeType, source, extraOf(part, 'inlineData', leftover(data, KNOWN_INSIDE.inlineData)))
}

function readFileData(part: Json, data: Json): Part | undefined {
  const { fileUri: url, mimeType } = data
  if (typeof url !== 'string' || (mimeType !== undefined && typeof mimeType !== 'string')) return undefined
  const isPrivate = PRIVATE.test(url)
  const source: MediaSource = isPrivate ? { kind: 'file-id', id: url } : { kind: 'url', url, ...present({ mediaType: mimeType }) }
  const kept = leftover(data, KNOWN_INSIDE.fileData)
  const inner = isPrivate && mimeType !== undefined ? { ...kept, mimeType } : kept
  return mediaPart(mimeType ?? '', source, extraOf(part, 'fileData', inner))
}

/** The fields beside the named one that have no neutral name, and `inner`, those within it. */
function extraOf(part: Json, key: keyof typeof KNOWN_INSIDE, inner: Extra | undefined): Extra | undefined {
  const outer = leftover(part, KNOWN[key])
  return inner === undefined ? outer : { ...outer, [key]: inner }
}

function mediaPart(mediaType: string, source: MediaSource, extra: Extra | undefined): Part {
  const type = mediaType.startsWith('image/') ? 'image' : mediaType.startsWith('audio/') ? 'audio' : 'file'
  return { type, source, ...present({ extra }) }
}

/** Parts that this format can say; `fitParts` has seen to it that others do not get here. */
export function writeParts(parts: readonly Part[]): Json[] {
  const written: Json[] = []
  for (const part of parts) {
    const json = writePart(part)
    if (json !== undefined) written.push(json)
  }
  return written
}

export function writePart(part: Part): Json | undefined {
  if (part.type === 'opaque') return part.format === 'gemini' && isRecord(part.value) ? part.value : undefined
  const { extra } = part
  const fields = writeFields(part, extra)
  return extra === undefined ? fields : { ...wireFields(extra), ...fields }
}

function writeFields(part: Exclude<Part, { readonly type: 'opaque' }>, extra: Extra | undefined): Json {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { text: part.text }
    case 'reasoning':
      return { text: part.text, thought: true, ...present({ thoughtSignature: part.signature }) }
    case 'tool-call': {
      const id = isSpelled(extra, '~noid') ? undefined : part.id
      const args = isSpelled(extra, '~noargs') && part.args === '{}' ? undefined : argsObject(part.args)
      const call = { ...inner(extra, 'functionCall'), name: part.name, ...present({ id, args }) }
      return { functionCall: call, ...present({ thoughtSignature: part.signature }) }
    }
    case 'tool-result':
      return { functionResponse: writeResponse(part, extra) }
    case 'image':
    case 'file':
    case 'audio':
      return writeMedia(part.source, extra)
  }
}

/** The fields that the client sent beside the neutral ones. */
function inner(extra: Extra | undefined, key: string): Json {
  return recordOf(extra?.[key])
}

function writeResponse(part: PartOf<'tool-result'>, extra: Extra | undefined): Json {
  const kept = inner(extra, 'functionResponse')
  const texts = part.parts.flatMap((p) => (p.type === 'text' ? [p.text] : []))
  const media = part.parts.filter((p) => p.type !== 'text')
  const words = texts.length === 0 ? undefined : { [part.isError ? 'error' : 'output']: texts.join('\n') }
  return {
    ...kept,
    name: part.name ?? '',
    ...present({
      id: isSpelled(extra, '~noid') ? undefined : part.callId,
      response: kept.response ?? words,
      parts: media.length > 0 ? writeParts(media) : undefined,
    }),
  }
}

function writeMedia(source: MediaSource, extra: Extra | undefined): Json {
  switch (source.kind) {
    case 'base64':
      return { inlineData: { ...inner(extra, 'inlineData'), mimeType: source.mediaType, data: source.data } }
    case 'url':
      return { fileData: { ...inner(extra, 'fileData'), fileUri: source.url, ...present({ mimeType: source.mediaType }) } }
    case 'file-id':
      return { fileData: { ...inner(extra, 'fileData'), fileUri: source.id } }
  }
}
