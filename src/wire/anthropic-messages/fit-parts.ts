import type { Loss, Part, PartOf } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { withoutExtra } from '../extra.js'
import { plainSource, textOfFile } from '../media.js'
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
      return fitFile(part) ?? lose('file', 'The vendor takes PDF and plain text only.', true)
    case 'audio':
      return lose('audio', 'The vendor takes no audio.', true)
    case 'opaque':
      return lose(part.kind, `Only ${part.format} understands it.`, true)
  }
}

function fitFile(part: PartOf<'file'>): Part | undefined {
  const isTaken = part.source.kind === 'base64' ? part.source.mediaType === 'application/pdf' : part.source.kind === 'url'
  return isTaken ? part : textOfFile(part)
}

function withoutSignature(call: PartOf<'tool-call'>): Part {
  const { signature: _, ...rest } = call
  return rest
}
