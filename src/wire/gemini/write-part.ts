import type { Extra, MediaSource, Part, PartOf } from '../../canonical/index.js'
import { argsObject } from '../call-args.js'
import { isSpelled, wireFields } from '../extra.js'
import { isRecord, type Json, present, recordOf } from '../json.js'

/** Parts that this format can say; `fit-parts` has seen to it that others do not get here. */
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
