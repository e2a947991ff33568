import type { Loss, MediaSource, Part } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { withoutExtra } from '../extra.js'
import { plainSource } from '../media.js'
import { keepsSignature } from '../target.js'

/** The inputs of `fitParts`, and where it records what it left out. */
export interface FitContext {
  readonly target: Target
  readonly losses: Loss[]
}

const IMAGES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

/** Parts of another format as parts that this one can say. Extras of the other format go. */
export function fitParts(parts: readonly Part[], field: string, context: FitContext): Part[] {
  const fitted: Part[] = []
  for (const part of parts) {
    const fit = fitPart(part, field, context)
    if (fit !== null) fitted.push(withoutExtra(fit))
  }
  return fitted
}

function fitPart(part: Part, field: string, context: FitContext): Part | null {
  const lose = (what: string, why: string, matters: boolean): null => {
    context.losses.push({ field: `${field}.${what}`, why, matters })
    return null
  }
  switch (part.type) {
    case 'text':
    case 'refusal':
      // The vendor refuses text blocks without a visible character.
      return !/\S/.test(part.text) ? null : part.type === 'text' ? part : { type: 'text', text: part.text }
    case 'reasoning':
      if (part.signature && keepsSignature(context.target, part.signature)) return part
      return lose('reasoning', 'Only the model that made this reasoning can read it.', false)
    case 'tool-call':
      return part.signature === undefined ? part : withoutSignature(part)
    case 'tool-result':
      return { ...part, parts: fitParts(part.parts, field, context) }
    case 'image': {
      const source = plainSource(part.source)
      if (source.kind === 'file-id') return lose('image', "Another vendor's file ids are unknown here.", true)
      if (source.kind === 'base64' && !IMAGES.has(source.mediaType)) {
        return lose('image', `${source.mediaType} is not an image type of this vendor.`, true)
      }
      if (part.detail !== undefined && part.detail !== 'auto') lose('image.detail', 'There is no level of detail.', false)
      return { ...part, source }
    }
    case 'file':
      return fitFile(part, part.source) ?? lose('file', 'The vendor takes PDF and plain text only.', true)
    case 'audio':
      return lose('audio', 'The vendor takes no audio.', true)
    case 'opaque':
      return lose(part.kind, `Only ${part.format} understands it.`, true)
  }
}

function fitFile(part: Part & { readonly type: 'file' }, source: MediaSource): Part | null {
  if (source.kind === 'url') return part
  if (source.kind === 'file-id') return null
  if (source.mediaType === 'application/pdf') return part
  if (!source.mediaType.startsWith('text/') && source.mediaType !== 'application/json') return null
  const text = Buffer.from(source.data, 'base64').toString('utf8')
  return { type: 'text', text: part.filename === undefined ? text : `${part.filename}:\n${text}` }
}

function withoutSignature(call: Part & { readonly type: 'tool-call' }): Part {
  const { signature: _, ...rest } = call
  return rest
}
