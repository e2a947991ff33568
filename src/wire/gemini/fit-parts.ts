import type { Loss, MediaSource, Message, Part, PartOf } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { lose } from '../losses.js'
import { plainSource, textOfFile } from '../media.js'
import { keepsSignature } from '../target.js'

/** Parts of another format as parts that this one can say. Extras of the other format go. */
export function fitParts(parts: readonly Part[], field: string, target: Target, losses: Loss[]): Part[] {
  const fitted = parts.map((part) => fitPart(part, field, target, losses))
  return signCalls(fitted.filter((part) => part !== undefined))
}

function fitPart(part: Part, field: string, target: Target, losses: Loss[]): Part | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? undefined : { type: 'text', text: part.text }
    case 'reasoning':
      if (part.signature && !part.redacted && keepsSignature(target, part.signature))
        return { type: 'reasoning', text: part.text, signature: part.signature }
      return lose(losses, `${field}.reasoning`, 'Only the model that made this reasoning can read it.')
    case 'tool-call': {
      const { id, name, args, signature } = part
      return { type: 'tool-call', id, name, args, ...(signature && keepsSignature(target, signature) ? { signature } : {}) }
    }
    case 'tool-result': {
      const { extra: _, cache: _cache, ...rest } = part
      return { ...rest, parts: fitParts(part.parts, field, target, losses) }
    }
    case 'image':
    case 'file':
    case 'audio':
      return fitMedia(part, field, losses)
    case 'opaque':
      return lose(losses, `${field}.${part.kind}`, `Only ${part.format} understands it.`, true)
  }
}

function fitMedia(part: PartOf<'image' | 'file' | 'audio'>, field: string, losses: Loss[]): Part | undefined {
  const words = part.type === 'file' ? textOfFile(part) : undefined
  if (words !== undefined) return words
  const source = typed(plainSource(part.source), part.type)
  if (source.kind === 'file-id') return lose(losses, `${field}.${part.type}`, "Another vendor's file ids are unknown here.", true)
  if (part.type === 'image' && source.kind === 'base64' && !IMAGES.has(source.mediaType))
    return lose(losses, `${field}.image`, `${source.mediaType} is not an image type of this vendor.`, true)
  // "Unsupported MIME type: application/vnd.openxmlformats…" (github.com/googleapis/python-genai/issues/829).
  if (part.type === 'file' && source.kind === 'base64' && !/^(?:application\/pdf$|video\/)/.test(source.mediaType))
    return lose(losses, `${field}.file`, `${source.mediaType} is not a file type of this vendor.`, true)
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto')
    lose(losses, `${field}.image.detail`, 'There is no level of detail.')
  if (part.type === 'file' && part.filename !== undefined) lose(losses, `${field}.file.filename`, 'Files carry no names.')
  return { type: part.type, source }
}

/** https://ai.google.dev/gemini-api/docs/image-understanding#supported-formats */
const IMAGES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'])

const ENDINGS: Readonly<Record<string, string>> = {
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  pdf: 'application/pdf',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
}
const USUAL = { image: 'image/jpeg', file: 'application/pdf', audio: 'audio/wav' } as const

/** The vendor wants the media type of a URL; its ending tells, or what most of that kind are. */
function typed(source: MediaSource, kind: keyof typeof USUAL): MediaSource {
  if (source.kind !== 'url' || source.mediaType !== undefined) return source
  const ending = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(source.url)?.[1]?.toLowerCase() ?? ''
  return { ...source, mediaType: ENDINGS[ending] ?? USUAL[kind] }
}

/** Reasoning without words that stands before a call is the call's own signature, as other formats carry it. */
function signCalls(parts: readonly Part[]): Part[] {
  const signed: Part[] = []
  for (const part of parts) {
    const last = signed.at(-1)
    if (part.type === 'tool-call' && part.signature === undefined && last?.type === 'reasoning' && last.signature && last.text === '') {
      signed.pop()
      signed.push({ ...part, signature: last.signature })
    } else signed.push(part)
  }
  return signed
}

/**
 * Results as this format wants them: each names its function, and only the newer generation takes images inside it; for the
 * others they stand beside it in the same turn.
 */
export function fitResults(messages: readonly Message[], mediaInside: boolean): Message[] {
  const names = new Map<string, string>()
  return messages.map((message) => {
    for (const part of message.parts) if (part.type === 'tool-call') names.set(part.id, part.name)
    if (!message.parts.some((part) => part.type === 'tool-result')) return message
    const parts: Part[] = []
    const beside: Part[] = []
    for (const part of message.parts) {
      if (part.type !== 'tool-result') beside.push(part)
      else parts.push(named(part, names, mediaInside, beside))
    }
    return { ...message, parts: [...parts, ...beside] }
  })
}

function named(
  result: PartOf<'tool-result'>,
  names: ReadonlyMap<string, string>,
  mediaInside: boolean,
  beside: Part[],
): PartOf<'tool-result'> {
  const media = result.parts.filter((part) => part.type !== 'text')
  const texts: readonly Part[] = result.parts.filter((part) => part.type === 'text')
  if (!mediaInside) beside.push(...media)
  const words: readonly Part[] = texts.length === 0 ? [{ type: 'text', text: '' }] : texts
  const name = names.get(result.callId) ?? result.name ?? 'unknown'
  return { ...result, name, parts: mediaInside ? [...words, ...media] : words }
}
